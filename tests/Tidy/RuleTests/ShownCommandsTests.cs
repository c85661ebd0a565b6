using Lambent.Tidy.Files;
using Lambent.Tidy.Rules;
using Shouldly;
using Xunit;

namespace Lambent.Tidy.RuleTests;

public sealed class ShownCommandsTests
{
    private const string Source =
        "class LogsVerb() : Verb(\"logs\", \"Show logs\") { Option follow = new(\"--follow\", \"-f\"); }";

    [Theory]
    [InlineData("$ lambent logs hello --follow", null)]
    [InlineData("$ ./lambent logs -f --json=1", "--json")]
    [InlineData("$ lambent log hello", "lambent log:")]
    [InlineData("$ eval \"$(lambent environment)\"", "lambent environment")]
    [InlineData("$ LAMBENT_DEBUG=1 lambent logs --what", "--what")]
    [InlineData("$ echo '{}' | lambent pipe -", "lambent pipe")]
    [InlineData("$ aws lambda invoke --payload '{}' out.json", null)]
    [InlineData("lambent gone", null)]
    [InlineData("$ lambent logs hello -- --theirs", null)]
    public void A_command_line_is_one_that_exists(string line, string? expected)
    {
        var repository = Repository.Of(
            ("src/Cli/LogsVerb.cs", Source), ("README.md", $"# A\n\n```console\n{line}\n```\n"));
        var found = ShownCommands.Check(repository).ToList();

        if (expected is null)
        {
            found.ShouldBeEmpty();
        }
        else
        {
            found.ShouldHaveSingleItem().Message.ShouldContain(expected);
            found[0].Line.ShouldBe(4);
        }
    }

    [Fact]
    public void Words_are_taken_apart_as_the_shell_does()
    {
        var page = new SourceFile(
            "a.md",
            "```console\n$ lambent invoke hello --data '{\"a\": 1}' --env \"B=c d\" > out.json && lambent ls\n```\n");

        ShownCommands.Of(page).Select(command => string.Join('|', command.Arguments)).ShouldBe(
        [
            "invoke|hello|--data|{\"a\": 1}|--env|B=c d", "ls",
        ]);
    }
}
