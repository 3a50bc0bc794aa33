$env:BRAINMAPS_COMPLETE = "powershell"
brainmaps | Out-String | Invoke-Expression
Remove-Item Env:BRAINMAPS_COMPLETE
