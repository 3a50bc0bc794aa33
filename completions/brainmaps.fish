BRAINMAPS_COMPLETE=fish brainmaps | source
