using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.CloudWatch;

/// <summary>
/// Parameters of a request, whatever its protocol. The first thing that is wrong is kept: an operation reads all it
/// wants and then looks at <see cref="Failure"/>. Unknown members are ignored.
/// </summary>
internal sealed class CloudWatchInput
{
    private readonly DataObject members;
    private readonly string prefix;
    private readonly CloudWatchInput root;
    private readonly bool isForm;
    private Error? failure;

    public CloudWatchInput(DataObject members, bool isForm) =>
        (this.members, prefix, root, this.isForm) = (members, "", this, isForm);

    private CloudWatchInput(DataObject members, string prefix, CloudWatchInput root) =>
        (this.members, this.prefix, this.root, isForm) = (members, prefix, root, root.isForm);

    public Error? Failure => root.failure;

    public bool Has(string name) => members[name] is not (null or DataNull);

    public void Fail(Error error) => root.failure ??= error;

    /// <summary>As AWS names a parameter in its messages.</summary>
    public string NameOf(string name) => prefix + name;

    public string? Text(string name, int max = 1_024)
    {
        switch (members[name])
        {
            case null or DataNull:
                return null;
            case DataText { Value: var text }:
                if (text.Length > max || text.Length == 0)
                {
                    Fail(Invalid(name, $"The value for parameter {prefix}{name} must be 1 to {max} characters long."));
                }

                return text;
            default:
                Fail(Unreadable(name, "a string"));
                return null;
        }
    }

    public string RequiredText(string name, int max = 1_024) => Text(name, max) ?? Missing(name, "");

    public double? Number(string name)
    {
        switch (members[name])
        {
            case null or DataNull:
                return null;
            case DataNumber number:
                return number.Value;
            case DataText { Value: var text } when isForm && double.TryParse(
                text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) && double.IsFinite(parsed):
                return parsed;
            default:
                Fail(isForm
                    ? Malformed(name, $"The parameter {prefix}{name} must be a number.")
                    : Unreadable(name, "a number"));
                return null;
        }
    }

    public int? Integer(string name, int min, int max)
    {
        if (Number(name) is not { } number)
        {
            return null;
        }

        if (number != Math.Floor(number) || number < min || number > max)
        {
            Fail(Invalid(name, $"The parameter {prefix}{name} must be a whole number from {min} to {max}."));
            return null;
        }

        return (int)number;
    }

    public bool? Flag(string name)
    {
        switch (members[name])
        {
            case null or DataNull:
                return null;
            case DataBoolean flag:
                return flag.Value;
            case DataText { Value: "true" or "false" } text when isForm:
                return text.Value == "true";
            default:
                Fail(isForm
                    ? Malformed(name, $"The parameter {prefix}{name} must be true or false.")
                    : Unreadable(name, "a boolean"));
                return null;
        }
    }

    /// <summary>Seconds since 1970, or the text that forms have.</summary>
    public DateTimeOffset? Time(string name)
    {
        switch (members[name])
        {
            case null or DataNull:
                return null;
            case DataNumber number when number.Value is >= 0 and <= 253_402_300_799:
                return DateTimeOffset.FromUnixTimeMilliseconds((long)(number.Value * 1_000));
            case DataText { Value: var text } when DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed):
                return parsed.ToUniversalTime();
            default:
                Fail(Malformed(name, $"timestamp must follow ISO8601: {prefix}{name}"));
                return null;
        }
    }

    public DateTimeOffset RequiredTime(string name) => Time(name) ?? Missing(name, DateTimeOffset.UnixEpoch);

    public IReadOnlyList<string> Texts(string name, int max = int.MaxValue)
    {
        var texts = new List<string>();
        foreach (var item in Items(name, max))
        {
            if (item is DataText text)
            {
                texts.Add(text.Value);
            }
            else
            {
                Fail(Unreadable(name, "a list of strings"));
            }
        }

        return texts;
    }

    public IReadOnlyList<double> Numbers(string name, int max)
    {
        var items = Items(name, max);
        return [.. items.Select((item, index) => new CloudWatchInput(
            new DataObject(("value", item)), $"{prefix}{name}.member.{index + 1}.", root).Number("value") ?? 0)];
    }

    public IReadOnlyList<CloudWatchInput> Structures(string name, int max)
    {
        var structures = new List<CloudWatchInput>();
        foreach (var item in Items(name, max))
        {
            if (item is DataObject members)
            {
                structures.Add(new CloudWatchInput(members, $"{prefix}{name}.member.{structures.Count + 1}.", root));
            }
            else
            {
                Fail(Unreadable(name, "a list of structures"));
            }
        }

        return structures;
    }

    public CloudWatchInput? Structure(string name)
    {
        switch (members[name])
        {
            case null or DataNull:
                return null;
            case DataObject inner:
                return new CloudWatchInput(inner, $"{prefix}{name}.", root);
            default:
                Fail(Unreadable(name, "a structure"));
                return null;
        }
    }

    public T Missing<T>(string name, T instead)
    {
        Fail(new Error(ErrorCode.MissingParameter, $"The parameter {prefix}{name} is required.", name));
        return instead;
    }

    private IReadOnlyList<DataValue> Items(string name, int max)
    {
        switch (members[name])
        {
            case null or DataNull:
                return [];
            case DataText { Value: "" } when isForm:
                return [];
            case DataArray { Items: var items } when items.Count <= max:
                return items;
            case DataArray:
                Fail(Invalid(name, $"The collection {prefix}{name} must not have a size greater than {max}."));
                return [];
            default:
                Fail(Unreadable(name, "a list"));
                return [];
        }
    }

    private Error Invalid(string name, string message) => new(ErrorCode.InvalidParameter, message, prefix + name);

    private Error Malformed(string name, string message) =>
        new(ErrorCode.ValidationFailed, message, prefix + name, Reason: "MalformedInput");

    private Error Unreadable(string name, string wanted) =>
        new(ErrorCode.RequestUnreadable, $"The parameter {prefix}{name} must be {wanted}.", prefix + name);
}
