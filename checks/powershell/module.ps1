# Loads the module of whichever product is installed, and returns its name; without one, why.
function Import-ProductModule {
    $problems = @()
    foreach ($name in 'SkypeForBusiness', 'Lync') {
        try {
            Import-Module -Name $name -Global -DisableNameChecking -ErrorAction Stop -WarningAction SilentlyContinue | Out-Null
            return @{ Module = $name; Problem = '' }
        }
        catch {
            # One that is there and does not load says why; one that is not there says only that.
            if ("$($_.FullyQualifiedErrorId)" -notlike 'Modules_ModuleNotFound*') { $problems += "${name}: $_" }
        }
    }
    return @{ Module = ''; Problem = ($problems -join ' ') }
}

# Without elevation Windows hides the groups of an administrator from the process, and so the rights of RTCUniversal*.
function Test-Elevation {
    $principal = New-Object -TypeName Security.Principal.WindowsPrincipal -ArgumentList (
        [Security.Principal.WindowsIdentity]::GetCurrent())
    return $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}
