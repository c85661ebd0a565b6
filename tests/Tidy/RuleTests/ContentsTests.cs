using Lambent.Tidy.Files;
using Lambent.Tidy.Rules;
using Shouldly;
using Xunit;

namespace Lambent.Tidy.RuleTests;

public sealed class ContentsTests
{
    // Put together here, so that this file does not break the rules it tests.
    private const string Later = "TO" + "DO";
    private const string Home = "/ho" + "me/";

    [Theory]
    [InlineData("src/A.cs", "// " + Later + ": finish")]
    [InlineData("runtimes/node/a.cjs", "// FIX" + "ME")]
    [InlineData("tests/A.cs", "throw new NotImplemented" + "Exception();")]
    public void Unfinished_work_is_found(string path, string text) =>
        Contents.Unfinished(new SourceFile(path, text)).ShouldHaveSingleItem();

    [Theory]
    [InlineData("docs/a.md", "run " + Home + "anna/lambent")]
    [InlineData("src/A.cs", "var path = \"/ro" + "ot/.aws\";")]
    [InlineData("samples/a/package-lock.json", "https://registry.npm" + "js.org/a")]
    [InlineData("README.md", "from www.nu" + "get.org")]
    public void A_machine_or_a_registry_is_found(string path, string text) =>
        Contents.Places(new SourceFile(path, text)).ShouldHaveSingleItem();

    [Theory]
    [InlineData("src/A.cs", "app.MapGet(\"/v1" + Home + "x\", …)")]
    [InlineData("docs/a.md", "in ~/wo" + "rk/hello or ./ho" + "me/x")]
    [InlineData("a.bin", Home + "anna")]
    public void Other_paths_are_not(string path, string text) =>
        Contents.Places(new SourceFile(path, text)).ShouldBeEmpty();

    [Fact]
    public void A_lock_file_that_names_where_packages_come_from_is_found()
    {
        const string Lock = "{\n  \"resolved\": \"https://example.org/a.tgz\"\n}";

        Contents.LockFiles(new SourceFile("samples/a/package-lock.json", Lock)).ShouldHaveSingleItem().Line.ShouldBe(2);
        Contents.LockFiles(new SourceFile("src/A/packages.lock.json", Lock)).ShouldBeEmpty("NuGet's means versions");
    }

    [Fact]
    public void A_missing_or_another_license_is_found()
    {
        Contents.License(Repository.Of()).ShouldHaveSingleItem();
        Contents.License(Repository.Of(("LICENSE", "MIT License"))).ShouldHaveSingleItem();
        Contents.License(Repository.Of(("LICENSE", "Apache License\nVersion 2.0, January 2004"))).ShouldBeEmpty();
    }
}
