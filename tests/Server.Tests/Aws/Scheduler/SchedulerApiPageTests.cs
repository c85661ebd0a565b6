using System.Text.RegularExpressions;
using Lambent.Server.Aws.Scheduler;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Scheduler;

/// <summary>Holds docs/reference/scheduler-api.md to the table of operations, line by line.</summary>
public sealed partial class SchedulerApiPageTests
{
    [Fact]
    public void Page_names_every_operation_once()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "reference", "scheduler-api.md"));

        // The table only; nothing is handled, so nothing is behind it.
        var services = new SchedulerServices { Schedules = null!, Groups = null!, Markers = null! };
        Row().Matches(page).Select(row => $"{row.Groups["name"]} {row.Groups["call"]}")
            .Order(StringComparer.Ordinal)
            .ShouldBe(SchedulerOperations.All(services).Select(Shown).Order(StringComparer.Ordinal));
    }

    private static string Shown(SchedulerOperation operation)
    {
        var resource = !operation.HasResource ? "" : operation.Collection == "tags" ? "/ARN" : "/NAME";
        return $"{operation.Name} {operation.Method} /{operation.Collection}{resource}";
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

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| `(?<call>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
