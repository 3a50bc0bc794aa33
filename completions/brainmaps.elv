eval (env BRAINMAPS_COMPLETE=elvish brainmaps | slurp)
