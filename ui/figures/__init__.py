"""Charts in the house style: arrays in, Plotly figures out; one kind a file."""
