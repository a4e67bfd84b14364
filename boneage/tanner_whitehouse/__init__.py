"""The Tanner-Whitehouse calculator: stages that a reader picked, to a maturity score, to a bone age.

`boneage.tanner_whitehouse.systems.SYSTEMS` lists the systems with their bones and stages;
`boneage.tanner_whitehouse.rate.rate` answers. Nothing here looks at a film, and no picture of the atlas is shipped.
"""
