using System.Text.Json;

namespace Lambent.Kernel.Events.Filters;

/// <summary>
/// An event pattern as AWS's event sources and buses have it: an object of fields, each with the list of values or
/// rules of which one must hold. Matching takes at most the size of the pattern times the size of the event.
/// </summary>
public sealed class EventPattern
{
    private readonly FieldsPattern fields;

    internal EventPattern(FieldsPattern fields)
    {
        this.fields = fields;
    }

    /// <summary>Reads a pattern, or fails with InvalidParameter and what is wrong with it, in AWS's words.</summary>
    public static Result<EventPattern> Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, PatternReader.Options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new EventPattern(PatternReader.Fields(document.RootElement))
                : Invalid("Filter is not an object");
        }
        catch (JsonException unreadable)
        {
            return Invalid($"It is not JSON: {unreadable.Message}");
        }
        catch (PatternException wrong)
        {
            return Invalid(wrong.Message);
        }
    }

    /// <summary>Whether an event, an object, matches.</summary>
    public bool Matches(JsonElement root) => fields.Matches(root);

    private static Error Invalid(string reason) => new(ErrorCode.InvalidParameter, reason);
}

/// <summary>A part of a pattern.</summary>
internal abstract class PatternNode
{
    /// <summary>Whether a value matches; null is a field that is not there.</summary>
    public abstract bool Matches(JsonElement? value);
}

/// <summary>Fields that must all match, and groups of which one must.</summary>
/// <param name="fields">By name.</param>
/// <param name="choices">Each $or: alternatives of which one must match.</param>
internal sealed class FieldsPattern(
    IReadOnlyList<(string Name, PatternNode Pattern)> fields, IReadOnlyList<IReadOnlyList<FieldsPattern>> choices)
    : PatternNode
{
    public override bool Matches(JsonElement? value)
    {
        switch (value?.ValueKind)
        {
            case JsonValueKind.Array when value.Value.GetArrayLength() > 0:
                foreach (var item in value.Value.EnumerateArray())
                {
                    if (Matches(item))
                    {
                        return true;
                    }
                }

                return false;
            case null or JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Array:
                return MatchesFields(value is { ValueKind: JsonValueKind.Object } ? value : null);
            default:
                return false;
        }
    }

    private bool MatchesFields(JsonElement? parent)
    {
        foreach (var (name, pattern) in fields)
        {
            var value = parent is { } known && known.TryGetProperty(name, out var found)
                ? found
                : default(JsonElement?);
            if (!pattern.Matches(value))
            {
                return false;
            }
        }

        foreach (var alternatives in choices)
        {
            if (!alternatives.Any(alternative => alternative.MatchesFields(parent)))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Rules for one field, of which one must hold for one of its values.</summary>
internal sealed class ValuePattern(IReadOnlyList<PatternRule> rules) : PatternNode
{
    private readonly bool matchesAbsent = rules.Any(rule => rule.MatchesAbsent);

    public override bool Matches(JsonElement? value)
    {
        switch (value?.ValueKind)
        {
            case JsonValueKind.Array when value.Value.GetArrayLength() > 0:
                foreach (var item in value.Value.EnumerateArray())
                {
                    if (Matches(item))
                    {
                        return true;
                    }
                }

                return false;
            case null or JsonValueKind.Array or JsonValueKind.Object:
                // Only values are looked at: a field that holds fields is not there as a value.
                return matchesAbsent;
            default:
                var scalar = new ScalarValue(value.Value);
                foreach (var rule in rules)
                {
                    if (rule.Matches(scalar))
                    {
                        return true;
                    }
                }

                return false;
        }
    }
}
