"""Interactive figures of one reading (plotly); their words can be given in another language."""
