"""Prediction of adult height from present height and, by all methods but one, bone age.

`boneage.adult_height.methods.METHODS` lists the methods and what each needs; `predict` there answers. Nothing here
looks at a film: the bone age is an input, with the name of the scale that it was read on.
"""
