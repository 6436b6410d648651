# Runs one cmdlet, named and parametrised by data, and returns as CLIXML what came of it: its output, its error
# records and its warnings. Only cmdlets that read are let through, and with -MayAct those that test.
# Windows PowerShell 3.0 and later.
function Invoke-Question {
    param(
        [string] $Name,
        [hashtable] $Parameters,
        [switch] $MayAct
    )

    # More than this no reader takes.
    $most = 5000
    # Of these only what is read: some carry half the system in their properties, and writing all of it takes minutes.
    $kept = @{
        'Get-NetTCPConnection' = 'LocalAddress', 'LocalPort', 'RemoteAddress', 'RemotePort', 'State', 'OwningProcess'
        'Get-Process' = 'Id', 'ProcessName'
        'Get-Service' = 'Name', 'DisplayName', 'Status', 'StartType'
        # What a partner is convinced by must not lie in a file.
        'Get-CsXmppGatewayConfiguration' = 'Identity', 'ConnectionLimit', 'PartnerConnectionLimit', 'KeepAliveInterval',
            'StreamEstablishmentTimeout', 'StreamInactivityTimeout', 'SubscriptionRefreshInterval',
            'EnableLoggingAllMessageBodies',
            @{ Name = 'DialbackPassphrase'; Expression = { if ($_.DialbackPassphrase) { '(set)' } } }
        'Get-WinEvent' = 'TimeCreated', 'ProviderName', 'Id', 'Level', 'LevelDisplayName', 'Message'
    }
    $reads = $Name -match '\A(Get-Cs[A-Za-z0-9]+|Get-NetTCPConnection|Get-Process|Get-Service|Get-WinEvent)\z'
    $tests = $Name -match '\ATest-Cs[A-Za-z0-9]+\z'

    $output = @()
    $failures = @()
    $warnings = @()
    try {
        if (-not ($reads -or ($tests -and $MayAct))) {
            throw "$Name is not among the cmdlets that may be run here."
        }
        # An alias or a program of that name must not run in the cmdlet's place.
        $commands = @(Get-Command -Name $Name -CommandType 'Cmdlet', 'Function' -ErrorAction Stop)
        $command = $commands[0]
        $quiet = @{ ErrorAction = 'SilentlyContinue'; WarningAction = 'SilentlyContinue' }
        $output = @(& $command @Parameters @quiet -ErrorVariable failures -WarningVariable warnings |
            Select-Object -First ($most + 1))
        if ($kept.ContainsKey($Name)) {
            $output = @($output | Select-Object -Property $kept[$Name])
        }
    }
    catch {
        $failures = @($failures) + $_
    }

    $told = @(foreach ($warning in $warnings) { "$warning" })
    if ($output.Count -gt $most) {
        $output = $output[0..($most - 1)]
        $told += 'lyncdoctor left out a part of this answer: it was too large.'
    }
    $errors = @(foreach ($failure in $failures) {
        # -ErrorVariable also collects the exception that ended a cmdlet; the record is inside of it.
        if ($failure -is [System.Management.Automation.RuntimeException]) { $failure = $failure.ErrorRecord }
        if ($failure -is [System.Management.Automation.ErrorRecord]) {
            New-Object -TypeName PSObject -Property @{
                Message = "$failure"
                Id = "$($failure.FullyQualifiedErrorId)"
                Category = "$($failure.CategoryInfo.Category)"
            }
        }
    })
    $envelope = New-Object -TypeName PSObject -Property @{ Output = $output; Errors = $errors; Warnings = $told }
    # Three levels: the envelope, an object of the output, a property that is an object itself.
    return [System.Management.Automation.PSSerializer]::Serialize($envelope, 3)
}
