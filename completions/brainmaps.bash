eval "$(BRAINMAPS_COMPLETE=bash brainmaps)"
