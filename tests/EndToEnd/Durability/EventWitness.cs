using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Lambent.EndToEnd.Durability;

/// <summary>
/// Knows which events a function has seen. The function cannot reach out of its sandbox, so it says them in its log,
/// which the server keeps and answers.
/// </summary>
internal sealed partial class EventWitness : IAsyncDisposable
{
    public const string Handler =
        "export const handler = async (event) => { console.log(`seen [${event.id}]`); };";

    private readonly HashSet<int> seen = [];

    public async Task<IReadOnlySet<int>> SeenAsync(LambdaClient lambda, string function)
    {
        string? after = null;
        for (var page = 0; page < 100; page++)
        {
            var path = $"/v1/logs?function={function}&limit=1000" + (after is null ? "" : $"&after={Uri.EscapeDataString(after)}");
            var answer = await lambda.GetAsync(path);
            answer.Status.ShouldBe(200, answer.ToString());
            foreach (Match match in Seen().Matches(answer.Text))
            {
                seen.Add(int.Parse(match.Groups[1].Value));
            }

            after = (string?)(JsonNode.Parse(answer.Body) as JsonObject)?["next"];
            if (after is null)
            {
                break;
            }
        }

        return seen;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [GeneratedRegex(@"seen \[(\d+)\]")]
    private static partial Regex Seen();
}
