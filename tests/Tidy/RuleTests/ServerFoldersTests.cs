using Lambent.Tidy.Files;
using Lambent.Tidy.Rules;
using Shouldly;
using Xunit;

namespace Lambent.Tidy.RuleTests;

public sealed class ServerFoldersTests
{
    [Theory]
    [InlineData("Dispatch", "using Lambent.Server.Aws.Protocols;", "Aws/Protocols")]
    [InlineData("Dispatch", "using Lambent.Server.Native;", "Native")]
    [InlineData("Dispatch", "using Lambent.Server.Ingress;", "Ingress")]
    [InlineData("Aws/Lambda", "using Lambent.Server.Ingress;", "Ingress")]
    [InlineData("Aws/Lambda/Shapes", "var x = new Lambent.Server.Native.Thing();", "Native")]
    [InlineData("Aws/Protocols", "using Lambent.Server.Aws.Lambda.Shapes;", "Aws/Lambda")]
    [InlineData("Functions", "using static Lambent.Server.Dispatch.Dispatcher;", "Dispatch")]
    public void A_folder_that_uses_what_it_may_not_is_found(string folder, string text, string to) =>
        ServerFolders.Edges(FileIn(folder, text)).ShouldHaveSingleItem().Message.ShouldEndWith($"src/Server/{to}");

    [Theory]
    [InlineData("Aws/Lambda/Shapes", "using Lambent.Server.Aws.Protocols;")]
    [InlineData("Aws/Lambda/Shapes", "using Lambent.Server.Aws.Lambda.Invocation;")]
    [InlineData("Dispatch", "namespace Lambent.Server.Dispatch;\nusing Lambent.Server.Functions;")]
    [InlineData("Dispatch", "// using Lambent.Server.Aws.Protocols;")]
    [InlineData("Dispatch", "Lambent.Server.ServerOptions options;")]
    public void What_is_in_the_table_is_allowed(string folder, string text) =>
        ServerFolders.Edges(FileIn(folder, text)).ShouldBeEmpty();

    [Fact]
    public void A_folder_that_is_not_in_the_table_is_found() =>
        ServerFolders.Edges(FileIn("Novel", "")).ShouldHaveSingleItem().Message.ShouldContain("src/Server/Novel");

    [Fact]
    public void The_root_may_use_everything() =>
        ServerFolders.Edges(new SourceFile("src/Server/ServerHost.cs", "using Lambent.Server.Native;")).ShouldBeEmpty();

    private static SourceFile FileIn(string folder, string text) => new($"src/Server/{folder}/A.cs", text);
}
