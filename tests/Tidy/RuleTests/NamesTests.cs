using Lambent.Tidy.Files;
using Lambent.Tidy.Rules;
using Shouldly;
using Xunit;

namespace Lambent.Tidy.RuleTests;

public sealed class NamesTests
{
    private static readonly (string, string) Project = ("src/Storage/Storage.csproj", "<Project />");

    [Theory]
    [InlineData("src/A/StringHelper.cs", "class A;", "Helper")]
    [InlineData("src/Common/A.cs", "class A;", "Common")]
    [InlineData("runtimes/node/utils.cjs", "", "utils")]
    [InlineData("src/A.cs", "internal sealed class QueueManager { }", "Manager")]
    [InlineData("src/A.cs", "record struct HttpUtil(int A);", "Util")]
    public void A_vague_name_is_found(string path, string text, string word) =>
        Names.VagueNames(new SourceFile(path, text)).ShouldHaveSingleItem().Message.ShouldContain(word);

    [Theory]
    [InlineData("src/A/Utilization.cs", "class Utilization;")]
    [InlineData("src/A.cs", "// class QueueManager\nclass Miscount;")]
    [InlineData("src/A.cs", "var text = \"class Helper\";")]
    public void A_name_that_only_contains_the_letters_is_not(string path, string text) =>
        Names.VagueNames(new SourceFile(path, text)).ShouldBeEmpty();

    [Theory]
    [InlineData("src/Storage/Sqlite/A.cs", "namespace Lambent.Storage.Sqlite;", null)]
    [InlineData("src/Storage/A.cs", "namespace Lambent.Storage\n{\n}", null)]
    [InlineData("src/Storage/A.cs", "return 0;", null)]
    [InlineData("src/Storage/Sqlite/A.cs", "using X;\n\nnamespace Lambent.Storage;", "Lambent.Storage.Sqlite")]
    [InlineData("samples/invoice/A.cs", "namespace Billing;", null)]
    public void A_namespace_follows_its_folder(string path, string text, string? expected)
    {
        var repository = Repository.Of(Project, (path, text));
        var found = Names.Namespaces(repository, repository.Find(path)!).ToList();

        found.Select(finding => finding.Message.Split(' ')[^1]).ShouldBe(expected is null ? [] : [expected]);
    }

    [Fact]
    public void A_project_may_name_its_root_namespace()
    {
        var repository = Repository.Of(
            ("tests/A/B/B.csproj", "<Project><RootNamespace>Lambent.A.B</RootNamespace></Project>"),
            ("tests/A/B/C.cs", "namespace Lambent.A.B;"));

        Names.Namespaces(repository, repository.Find("tests/A/B/C.cs")!).ShouldBeEmpty();
    }
}
