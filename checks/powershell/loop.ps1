# Answers questions until its input ends. It begins with the line "lyncdoctor hello <data>", the data being the Base64
# of a JSON object. Each line of input is the Base64 of {"id", "name", "parameters", "acts"}; each answer is the line
# "lyncdoctor <id> <data>", the data being the Base64 of CLIXML. Whatever else is printed belongs to some cmdlet.
#
# A script that mentions the automatic variable of the pipeline's input makes PowerShell itself read the standard input
# and take the questions away. This one reads the console, and so must never mention it.
Set-StrictMode -Version 2
$ProgressPreference = 'SilentlyContinue'

function Write-Answer {
    param([string] $Id, [string] $Text)

    $data = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Text))
    [Console]::Out.WriteLine("lyncdoctor $Id $data")
    [Console]::Out.Flush()
}

$loaded = Import-ProductModule
Write-Answer -Id 'hello' -Text (ConvertTo-Json -Compress -InputObject @{
    module = $loaded.Module
    problem = $loaded.Problem
    version = "$($PSVersionTable.PSVersion)"
    elevated = Test-Elevation
})

while ($null -ne ($line = [Console]::In.ReadLine())) {
    $question = ConvertFrom-Json -InputObject ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($line)))
    $parameters = @{}
    foreach ($parameter in $question.parameters.PSObject.Properties) { $parameters[$parameter.Name] = $parameter.Value }
    $answer = Invoke-Question -Name $question.name -Parameters $parameters -MayAct:($question.acts)
    Write-Answer -Id $question.id -Text $answer
}
