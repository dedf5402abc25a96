"""The algorithms of the Processing toolbox: parameters in, a job out, layers and styles back."""
