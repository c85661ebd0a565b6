using System.Diagnostics.CodeAnalysis;

namespace Lambent.Kernel.Values;

/// <summary>
/// A JSON value that never changes, so that parts of it are shared instead of copied: what workflows read, select from
/// and put together. Not sealed within the Kernel, because expression languages have values that JSON has not
/// (functions, sequences); outside of them only the six kinds below occur.
/// </summary>
public abstract class DataValue : IEquatable<DataValue>
{
    private protected DataValue()
    {
    }

    /// <summary>What the value is called in messages: "null", "boolean", "number", "string", "array", "object".</summary>
    public abstract string Kind { get; }

    public bool IsNull => this is DataNull;

    /// <summary>The member of an object, or null when there is none or this is no object.</summary>
    public DataValue? this[string name] => this is DataObject members && members.TryGet(name, out var found) ? found : null;

    public static implicit operator DataValue(string text) => new DataText(text);

    public static implicit operator DataValue(bool value) => DataBoolean.Of(value);

    public static implicit operator DataValue(double value) => new DataNumber(value);

    public static implicit operator DataValue(int value) => new DataNumber(value);

    public static implicit operator DataValue(long value) => DataNumber.Of(value);

    /// <summary>Deep equality; members of objects in any order, numbers by their value.</summary>
    public abstract bool Equals(DataValue? other);

    public sealed override bool Equals(object? obj) => Equals(obj as DataValue);

    public abstract override int GetHashCode();

    /// <summary>The value as compact JSON.</summary>
    public override string ToString() => DataWriter.ToText(this);
}

public sealed class DataNull : DataValue
{
    public static readonly DataNull Value = new();

    private DataNull()
    {
    }

    public override string Kind => "null";

    public override bool Equals(DataValue? other) => other is DataNull;

    public override int GetHashCode() => 0;
}

public sealed class DataBoolean : DataValue
{
    public static readonly DataBoolean True = new(true);
    public static readonly DataBoolean False = new(false);

    private DataBoolean(bool value) => Value = value;

    public bool Value { get; }

    public override string Kind => "boolean";

    public static DataBoolean Of(bool value) => value ? True : False;

    public override bool Equals(DataValue? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Value ? 1 : 2;
}

public sealed class DataText(string value) : DataValue
{
    public static readonly DataText Empty = new(string.Empty);

    public string Value { get; } = value;

    public override string Kind => "string";

    public override bool Equals(DataValue? other) => other is DataText text && text.Value == Value;

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);
}

public sealed class DataArray(IReadOnlyList<DataValue> items) : DataValue
{
    public static readonly DataArray Empty = new([]);

    public IReadOnlyList<DataValue> Items { get; } = items;

    public override string Kind => "array";

    public override bool Equals(DataValue? other) => other is DataArray array && array.Items.SequenceEqual(Items);

    public override int GetHashCode() => Items.Count == 0 ? 3 : HashCode.Combine(Items.Count, Items[0]);
}

/// <summary>Members in the order in which they were written; a name occurs once.</summary>
public sealed class DataObject : DataValue
{
    public static readonly DataObject Empty = new(new OrderedDictionary<string, DataValue>());

    private readonly OrderedDictionary<string, DataValue> members;

    /// <param name="members">Belongs to the object from now on and is not changed any more.</param>
    public DataObject(OrderedDictionary<string, DataValue> members) => this.members = members;

    public DataObject(params ReadOnlySpan<(string Name, DataValue Value)> members)
    {
        this.members = new OrderedDictionary<string, DataValue>(members.Length);
        foreach (var (name, value) in members)
        {
            this.members[name] = value;
        }
    }

    public IReadOnlyDictionary<string, DataValue> Members => members;

    public int Count => members.Count;

    public override string Kind => "object";

    public bool TryGet(string name, [NotNullWhen(true)] out DataValue? value) => members.TryGetValue(name, out value);

    public bool Has(string name) => members.ContainsKey(name);

    /// <summary>This object with one member added or replaced.</summary>
    public DataObject With(string name, DataValue value)
    {
        var copy = new OrderedDictionary<string, DataValue>(members) { [name] = value };
        return new DataObject(copy);
    }

    /// <summary>The members of both; those of <paramref name="other"/> win.</summary>
    public DataObject With(DataObject other)
    {
        if (other.Count == 0)
        {
            return this;
        }

        var copy = new OrderedDictionary<string, DataValue>(members);
        foreach (var (name, value) in other.members)
        {
            copy[name] = value;
        }

        return new DataObject(copy);
    }

    public override bool Equals(DataValue? other) =>
        other is DataObject o && o.Count == Count
        && members.All(member => o.TryGet(member.Key, out var value) && value.Equals(member.Value));

    public override int GetHashCode() => HashCode.Combine(4, Count);
}
