namespace Lambent.Cli.Completion;

/// <summary>The scripts that make a shell ask <c>lambent complete</c>, by the shell's name.</summary>
internal static class CompletionScripts
{
    public static IReadOnlyDictionary<string, string> ByShell { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["bash"] = """
                # Completion of lambent for bash. To have it always:
                #   lambent completion bash > ~/.local/share/bash-completion/completions/lambent
                _lambent() {
                    local IFS=$'\n'
                    COMPREPLY=($("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
                }
                complete -o default -F _lambent lambent ./lambent
                """,
            ["zsh"] = """
                #compdef lambent
                # Completion of lambent for zsh. To have it always, put it as _lambent into a folder of $fpath.
                _lambent() {
                    local -a candidates
                    candidates=("${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
                    if [[ -n "${candidates[1]}" ]]; then
                        compadd -- "${candidates[@]}"
                    else
                        _files
                    fi
                }
                compdef _lambent lambent
                """,
            ["fish"] = """
                # Completion of lambent for fish. To have it always:
                #   lambent completion fish > ~/.config/fish/completions/lambent.fish
                function __lambent_complete
                    set -l words (commandline -opc) (commandline -ct)
                    $words[1] complete -- $words[2..-1] 2>/dev/null
                end
                complete -c lambent -a '(__lambent_complete)'
                """,
            ["powershell"] = """
                # Completion of lambent for PowerShell. To have it always, add it to $PROFILE.
                Register-ArgumentCompleter -Native -CommandName lambent -ScriptBlock {
                    param($wordToComplete, $commandAst, $cursorPosition)
                    $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
                    if ($wordToComplete -eq '') { $words += '' }
                    & $commandAst.CommandElements[0].ToString() complete -- @words 2>$null | ForEach-Object {
                        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                    }
                }
                """,
        };
}
