using System.Text.RegularExpressions;
using Lambent.Server.Aws.StepFunctions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.StepFunctions;

/// <summary>Holds docs/reference/step-functions-api.md to the table of operations, line by line.</summary>
public sealed partial class StepFunctionsApiPageTests
{
    [Fact]
    public void Page_names_every_operation_once()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "reference", "step-functions-api.md"));

        // The table only; nothing is handled, so nothing is behind it.
        var services = new StepFunctionsServices
        {
            Machines = null!,
            Activities = null!,
            Executions = null!,
            Tester = null!,
            Markers = null!,
            Region = "us-east-1",
            Time = TimeProvider.System,
        };
        Row().Matches(page).Select(row => row.Groups["name"].Value)
            .Order(StringComparer.Ordinal)
            .ShouldBe(StepFunctionsOperations.All(services)
                .Select(operation => operation.Name)
                .Order(StringComparer.Ordinal));
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Lambent.slnx")))
        {
            folder = folder.Parent.ShouldNotBeNull("the tests run below the repository");
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"^\| `(?<name>[A-Z]\w*)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
