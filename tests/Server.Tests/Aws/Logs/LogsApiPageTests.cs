using System.Text.RegularExpressions;
using Lambent.Server.Aws.Logs;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Logs;

/// <summary>Holds docs/reference/logs-api.md to the table of operations, line by line.</summary>
public sealed partial class LogsApiPageTests
{
    [Fact]
    public void Page_names_every_operation_once()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "reference", "logs-api.md"));

        // The table only; nothing is handled, so nothing is behind it.
        var services = new LogsServices
        {
            Store = null!, Markers = null!, Region = "us-east-1", Time = TimeProvider.System, Stopping = default,
        };
        Row().Matches(page).Select(row => row.Groups["name"].Value)
            .Order(StringComparer.Ordinal)
            .ShouldBe(LogsOperations.All(services)
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

    [GeneratedRegex(@"^\| `(?<name>[A-Z]\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
