"""How the tagger, the model that listens to sound, is made and measured."""
