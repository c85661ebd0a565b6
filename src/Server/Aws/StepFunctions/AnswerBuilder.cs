using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Puts an answer together; what is null is left out.</summary>
internal sealed class AnswerBuilder
{
    private readonly OrderedDictionary<string, DataValue> members = [];

    public AnswerBuilder Add(string name, DataValue? value)
    {
        if (value is not null)
        {
            members[name] = value;
        }

        return this;
    }

    public AnswerBuilder Add(string name, string? text) => text is null ? this : Add(name, new DataText(text));

    public AnswerBuilder Add(string name, int? number) => number is { } known ? Add(name, (DataValue)known) : this;

    /// <summary>Seconds since 1970 with milliseconds, as the protocol has them.</summary>
    public AnswerBuilder Add(string name, DateTimeOffset? time) =>
        time is { } known ? Add(name, new DataNumber(known.ToUnixTimeMilliseconds() / 1_000.0)) : this;

    public DataObject Build() => new(members);
}
