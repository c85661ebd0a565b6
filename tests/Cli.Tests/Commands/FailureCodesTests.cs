using System.Reflection;
using Lambent.Cli.Commands;
using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Commands;

public sealed class FailureCodesTests
{
    public static TheoryData<string> Codes { get; } =
        [.. typeof(FailureCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetValue(null)!)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Code_isDocumented(string code)
    {
        var root = Repository.Root;
        File.Exists(Path.Combine(root, "docs", "errors", $"{code}.md")).ShouldBeTrue();
        File.ReadAllText(Path.Combine(root, "docs", "reference", "command-line.md")).ShouldContain($"| `{code}` |");
    }
}
