using System.Text.RegularExpressions;
using Lambent.Server.Aws.Sqs;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Sqs;

/// <summary>Holds docs/reference/sqs-api.md to the table of operations, line by line.</summary>
public sealed partial class SqsApiPageTests
{
    [Fact]
    public void Page_names_every_operation_once_and_who_may_call_it()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "reference", "sqs-api.md"));

        // The table only; nothing is handled, so nothing is behind it.
        var services = new SqsServices
        {
            Queues = null!, Sender = null!, Receiver = null!, Settler = null!, Moves = null!, Markers = null!,
        };
        Row().Matches(page).Select(row => $"{row.Groups["name"]} {row.Groups["granted"]}")
            .Order(StringComparer.Ordinal)
            .ShouldBe(SqsOperations.All(services)
                .Select(operation =>
                    $"{operation.Name} {(IsGrantable(operation) ? "yes" : "no")}")
                .Order(StringComparer.Ordinal));
    }

    /// <summary>GetQueueUrl looks at the policy itself: it has a name where the others have a queue.</summary>
    private static bool IsGrantable(SqsOperation operation) =>
        operation.Scope == SqsScope.Granted || operation.Name == "GetQueueUrl";

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Lambent.slnx")))
        {
            folder = folder.Parent.ShouldNotBeNull("the tests run below the repository");
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| (?<granted>yes|no) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
