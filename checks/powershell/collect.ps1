# Collects what lyncdoctor asks of a server, for: {{deployment}}
#
# Read-only. It runs the cmdlets listed in $questions below, on the Edge also netstat.exe and Get-Process, and nothing
# else; it changes nothing and sends nothing. What it writes holds what they show: names of servers and pools, settings,
# and of the users named below their directory entry. `lyncdoctor run ... --redact --record` makes it fit to be handed on.
# Open Windows PowerShell (3.0 or later) as administrator on the server, and run
#
#     powershell.exe -NoProfile -ExecutionPolicy RemoteSigned -File {{name}}
#
# (If it came by mail or from a web page, Windows asks for Unblock-File {{name}} first.)
#
# It writes one new file, beside itself unless -OutFile names another place.
param([string] $OutFile = '')

Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

#{{functions}}

#{{questions}}

function Get-Moment {
    return [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ss.fff', [Globalization.CultureInfo]::InvariantCulture) + '+00:00'
}

function ConvertTo-Base64 {
    param([string] $Text)

    return [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Text))
}

# What netstat prints, in whatever language, and the names of the processes, which it leaves out.
function Get-SocketText {
    $netstat = Join-Path -Path $env:SystemRoot -ChildPath 'System32\netstat.exe'
    $lines = @(& $netstat -ano) + @('')
    $lines += '{0,8} {1}' -f 'Id', 'ProcessName'
    $lines += '{0,8} {1}' -f '--', '-----------'
    $lines += @(Get-Process | ForEach-Object { '{0,8} {1}' -f $_.Id, $_.ProcessName })
    return $lines -join "`n"
}

# The full name as the topology has it. Where the questions name this computer, they do so by a placeholder.
function Get-ThisComputer {
    $names = [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
    return ((@($names.HostName, $names.DomainName) -ne '') -join '.').ToLowerInvariant()
}

function Get-Answer {
    param([hashtable] $Question, [string] $Module)

    if ($Question.Name -eq 'netstat') {
        return '{"type":"netstat","data":"' + (ConvertTo-Base64 -Text (Get-SocketText)) + '"}'
    }
    if ($Module -eq '' -and $Question.Name -like '*-Cs*') { return $noModule }
    $data = ConvertTo-Base64 -Text (Invoke-Question -Name $Question.Name -Parameters $Question.Parameters)
    if ($data.Length -gt 7000000) { return $tooLarge }
    return '{"type":"clixml","data":"' + $data + '"}'
}

if ($OutFile -eq '') {
    $stamp = [DateTime]::Now.ToString('yyyyMMdd-HHmmss', [Globalization.CultureInfo]::InvariantCulture)
    $OutFile = Join-Path -Path $PSScriptRoot -ChildPath ("lyncdoctor-$seat-" + $env:COMPUTERNAME + "-$stamp.jsonl")
}
# .NET has a current folder of its own.
$path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutFile)
if (Test-Path -LiteralPath $path) {
    Write-Host "$path exists already. Name another file with -OutFile."
    exit 1
}
if (-not (Test-Elevation)) {
    Write-Host 'This window was not opened as administrator, so some cmdlets may be refused.'
}

$writer = New-Object -TypeName IO.StreamWriter -ArgumentList (
    (New-Object -TypeName IO.FileStream -ArgumentList $path, ([IO.FileMode]::CreateNew)),
    (New-Object -TypeName Text.UTF8Encoding -ArgumentList $false))
try {
    $writer.NewLine = "`n"
    $writer.WriteLine($began + ',"at":"' + (Get-Moment) + '"}')
    Write-Host 'Loading the Lync or Skype for Business module ...'
    $loaded = Import-ProductModule
    if ($loaded.Module -eq '') { Write-Host "Neither of them could be loaded. $($loaded.Problem)" }
    $computer = Get-ThisComputer
    $done = 0
    foreach ($question in $questions) {
        $done += 1
        foreach ($member in 'Line', 'Shown') { $question[$member] = $question[$member].Replace('{{computer}}', $computer) }
        foreach ($name in @($question.Parameters.Keys)) {
            if ('{{computer}}' -ceq $question.Parameters[$name]) { $question.Parameters[$name] = $computer }
        }
        Write-Progress -Activity 'lyncdoctor collects' -Status $question.Shown -PercentComplete (100 * $done / $questions.Count)
        Write-Host ('{0,3} of {1}  {2}' -f $done, $questions.Count, $question.Shown)
        $at = Get-Moment
        $watch = [Diagnostics.Stopwatch]::StartNew()
        try { $answer = Get-Answer -Question $question -Module $loaded.Module }
        catch {
            Write-Host "           could not be answered: $_"
            $answer = $notRun
        }
        $writer.WriteLine($question.Line + ',"answer":' + $answer + ',"at":"' + $at + '","took_ms":' + $watch.ElapsedMilliseconds + '}')
        $writer.Flush()
    }
}
finally {
    $writer.Close()
}

Write-Host ''
Write-Host "Written: $path"
Write-Host 'Take this file to the computer where lyncdoctor is installed, and run there:'
Write-Host "    lyncdoctor run {{runbook}} --evidence `"$([IO.Path]::GetFileName($path))`""
