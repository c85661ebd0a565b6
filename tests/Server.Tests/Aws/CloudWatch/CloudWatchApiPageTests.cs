using System.Text.RegularExpressions;
using Lambent.Server.Aws.CloudWatch;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.CloudWatch;

/// <summary>Holds docs/reference/cloudwatch-api.md to the tables of operations and metrics.</summary>
public sealed partial class CloudWatchApiPageTests
{
    private static readonly string Page = File.ReadAllText(
        Path.Combine(RepositoryRoot(), "docs", "reference", "cloudwatch-api.md"));

    [Fact]
    public void Page_names_every_operation_once()
    {
        // The table only; nothing is handled, so nothing is behind it.
        var services = new CloudWatchServices
        {
            Reader = null!, Custom = null!, Markers = null!, Region = "us-east-1", Time = TimeProvider.System,
        };
        Row().Matches(Page).Select(row => row.Groups["name"].Value)
            .Order(StringComparer.Ordinal)
            .ShouldBe(CloudWatchOperations.All(services)
                .Select(operation => operation.Name)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Page_names_every_metric()
    {
        foreach (var metric in MetricNames.Known.Values.SelectMany(metrics => metrics))
        {
            Page.ShouldContain($"`{metric.Name}`");
            Kernel.Metrics.MetricCatalog.Find(metric.Own).ShouldNotBeNull(metric.Own);
        }
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
