using Lambent.Tidy.Files;
using Lambent.Tidy.Rules;
using Shouldly;
using Xunit;

namespace Lambent.Tidy.RuleTests;

public sealed class ContainmentTests
{
    [Theory]
    [InlineData("\"SELECT id FROM functions\"")]
    [InlineData("\"\"\"\n  INSERT INTO functions\n  VALUES (1)\"\"\"")]
    [InlineData("$\"DELETE FROM {table}\"")]
    [InlineData("\"CREATE TABLE a (b)\"")]
    public void Sql_outside_of_storage_is_found(string literal)
    {
        var text = $"class A {{ const string Statement = {literal}; }}";

        Containment.Sql(new SourceFile("src/Server/A.cs", text)).ShouldHaveSingleItem();
        Containment.Sql(new SourceFile("src/Storage/A.cs", text)).ShouldBeEmpty();
    }

    [Fact]
    public void Words_that_sql_shares_with_english_are_not() =>
        Containment.Sql(new SourceFile("src/Cli/A.cs", "x = \"select one from the list\"; // SELECT a FROM b"))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("Process.Start(info);")]
    [InlineData("var info = new ProcessStartInfo(\"ls\");")]
    [InlineData("using var process = new Process();")]
    public void A_process_started_outside_of_the_sandbox_is_found(string text)
    {
        Containment.Processes(new SourceFile("src/Server/A.cs", text)).ShouldHaveSingleItem();
        Containment.Processes(new SourceFile("src/Sandbox/A.cs", text)).ShouldBeEmpty();
    }

    [Fact]
    public void Handler_for_calls_outside_belongs_to_the_guard()
    {
        const string text = "var handler = new SocketsHttpHandler();";
        Containment.Requests(new SourceFile("src/Server/A.cs", text)).ShouldHaveSingleItem();
        Containment.Requests(new SourceFile("src/Server/Webhooks/OutboundGuard.cs", text)).ShouldBeEmpty();
        Containment.Requests(new SourceFile("src/Cli/A.cs", text)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("var now = System.DateTimeOffset.Now;")]
    [InlineData("Thread.Sleep(5);")]
    public void A_clock_of_its_own_is_found(string text)
    {
        Containment.Clocks(new SourceFile("src/Server/A.cs", text)).ShouldHaveSingleItem();
        Containment.Clocks(new SourceFile("src/Server/A.cs", $"// {text}")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Random.Shared.Next()")]
    [InlineData("new Random(1)")]
    [InlineData("Guid.NewGuid()")]
    public void Chance_in_the_kernel_is_found(string text)
    {
        Containment.Chance(new SourceFile("src/Kernel/A.cs", text)).ShouldHaveSingleItem();
        Containment.Chance(new SourceFile("src/Server/A.cs", text)).ShouldBeEmpty();
    }
}
