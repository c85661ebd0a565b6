using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;

namespace Lambent.Kernel.Queues;

/// <summary>
/// The policy document of a queue: what it grants to others, and how AddPermission and RemovePermission change it. What
/// is not understood is refused when the document is set, never ignored when it counts.
/// </summary>
public static class QueuePolicy
{
    /// <summary>What another account can be granted; managing a queue is for its owner.</summary>
    private static readonly string[] GrantableActions =
    [
        "ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl",
        "ListDeadLetterSourceQueues", "PurgeQueue", "ReceiveMessage", "SendMessage",
    ];

    public static bool IsGrantable(string action) =>
        action == "*" || GrantableActions.Contains(action, StringComparer.Ordinal);

    /// <summary>What the document grants for a queue, in the terms in which access is decided.</summary>
    public static ResourcePolicy? Grants(string? document, string queueArn)
    {
        if (document is null || Parse(document).Failed(out var policy, out _))
        {
            return null;
        }

        return policy with
        {
            Statements = policy.Statements.RemoveAll(
                statement => !Wildcard.Matches(statement.Resource, queueArn, ignoreCase: false)),
        };
    }

    /// <summary>Reads a document, or fails with what of it cannot be kept to here.</summary>
    public static Result<ResourcePolicy> Parse(string document)
    {
        if (document.Length > Limits.PolicyBytesMax || JsonText.ParseObject(document) is not { } root
            || !root.TryGetProperty("Statement", out var list))
        {
            return QueueErrors.InvalidAttribute("Policy");
        }

        var statements = ImmutableList.CreateBuilder<PolicyStatement>();
        foreach (var statement in Items(list))
        {
            if (ReadStatement(statement).Failed(out var grants, out var refused))
            {
                return refused;
            }

            statements.AddRange(grants);
        }

        return new ResourcePolicy { Statements = statements.ToImmutable(), RevisionId = "" };
    }

    /// <summary>The document with a statement more.</summary>
    public static Result<string> Add(
        string? document, string queueArn, string label, IReadOnlyList<string> accounts, IReadOnlyList<string> actions)
    {
        var root = document is null ? NewDocument(queueArn) : JsonNode.Parse(document)!.AsObject();
        var statements = StatementsOf(root);
        if (statements.Any(statement => LabelOf(statement) == label))
        {
            return QueueErrors.Invalid(label, "Label", "Already exists.");
        }

        if (statements.Count >= Limits.PolicyStatementsPerQueueMax)
        {
            return new Error(
                ErrorCode.QueueOverLimit,
                $"{statements.Count + 1} statements were found, maximum allowed is "
                + $"{Limits.PolicyStatementsPerQueueMax}.");
        }

        var principals = new JsonArray(
            [.. accounts.Select(account => JsonValue.Create($"arn:aws:iam::{account}:root"))]);
        var names = new JsonArray([.. actions.Select(action => JsonValue.Create($"SQS:{action}"))]);
        statements.Add(new JsonObject
        {
            ["Sid"] = label,
            ["Effect"] = "Allow",
            ["Principal"] = new JsonObject { ["AWS"] = accounts.Count == 1 ? principals[0]!.DeepClone() : principals },
            ["Action"] = actions.Count == 1 ? names[0]!.DeepClone() : names,
            ["Resource"] = queueArn,
        });
        root["Statement"] = statements;
        var text = root.ToJsonString();
        return text.Length > Limits.PolicyBytesMax ? QueueErrors.InvalidAttribute("Policy") : text;
    }

    /// <summary>The document without a statement; null when it was the last one.</summary>
    public static Result<string?> Remove(string? document, string label)
    {
        var root = document is null ? [] : JsonNode.Parse(document)!.AsObject();
        var statements = StatementsOf(root);
        if (statements.FirstOrDefault(statement => LabelOf(statement) == label) is not { } removed)
        {
            return QueueErrors.Invalid(label, "Label", "can't find label.");
        }

        statements.Remove(removed);
        root["Statement"] = statements;
        return statements.Count == 0 ? default(string) : root.ToJsonString();
    }

    private static JsonObject NewDocument(string queueArn) => new()
    {
        ["Version"] = "2008-10-17",
        ["Id"] = $"{queueArn}/SQSDefaultPolicy",
    };

    private static JsonArray StatementsOf(JsonObject root) => root["Statement"]?.DeepClone() switch
    {
        JsonArray array => array,
        JsonObject single => [single],
        _ => [],
    };

    private static string? LabelOf(JsonNode? statement) => (statement as JsonObject)?["Sid"]?.ToString();

    private static Result<ImmutableList<PolicyStatement>> ReadStatement(JsonElement statement)
    {
        if (statement.ValueKind != JsonValueKind.Object
            || !statement.TryGetProperty("Effect", out var effect)
            || !statement.TryGetProperty("Principal", out var principal)
            || !statement.TryGetProperty("Action", out var action)
            || !statement.TryGetProperty("Resource", out var resource))
        {
            return QueueErrors.InvalidAttribute(
                "Policy", "A statement has an Effect, a Principal, an Action and a Resource.");
        }

        if (effect.ToString() != "Allow")
        {
            return QueueErrors.InvalidAttribute("Policy", "Only statements that allow are supported.");
        }

        if (ReadConditions(statement).Failed(out var conditions, out var unsupported))
        {
            return unsupported;
        }

        var id = statement.TryGetProperty("Sid", out var sid) ? sid.ToString() : "";
        return Principals(principal)
            .SelectMany(who => Items(action).Select(item => (Who: who, Action: item.ToString())))
            .SelectMany(grant => Items(resource).Select(item => new PolicyStatement
            {
                Id = id,
                Principal = grant.Who,
                Action = grant.Action,
                Resource = item.ToString(),
                SourceArn = conditions.Arn,
                SourceAccount = conditions.Account,
            }))
            .ToImmutableList();
    }

    private static IEnumerable<string> Principals(JsonElement principal) =>
        principal.ValueKind == JsonValueKind.Object
            ? principal.EnumerateObject().SelectMany(kind => Items(kind.Value)).Select(item => item.ToString())
            : [principal.ToString()];

    /// <summary>The two conditions that triggers are set up with; ignoring any other would be a hole.</summary>
    private static Result<(string? Arn, string? Account)> ReadConditions(JsonElement statement)
    {
        (string? Arn, string? Account) read = default;
        if (!statement.TryGetProperty("Condition", out var conditions))
        {
            return read;
        }

        if (conditions.ValueKind != JsonValueKind.Object)
        {
            return QueueErrors.InvalidAttribute("Policy");
        }

        foreach (var kind in conditions.EnumerateObject())
        {
            var pairs = kind.Value.ValueKind == JsonValueKind.Object ? kind.Value.EnumerateObject().ToArray() : [];
            foreach (var pair in pairs)
            {
                var values = Items(pair.Value).ToArray();
                var isSource = kind.Name is "ArnEquals" or "ArnLike" or "StringEquals" or "StringLike";
                if (isSource && values.Length == 1 && Is(pair.Name, "aws:SourceArn"))
                {
                    read.Arn = values[0].ToString();
                }
                else if (kind.Name == "StringEquals" && values.Length == 1 && Is(pair.Name, "aws:SourceAccount"))
                {
                    read.Account = values[0].ToString();
                }
                else
                {
                    return QueueErrors.InvalidAttribute(
                        "Policy", $"The condition {kind.Name} {pair.Name} is not supported.");
                }
            }
        }

        return read;
    }

    private static bool Is(string name, string key) => name.Equals(key, StringComparison.OrdinalIgnoreCase);

    private static JsonElement[] Items(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : [element];
}
