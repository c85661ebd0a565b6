using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Running;

/// <summary>
/// The variables of a block, a call or one element of a path, and those around it. Few names each, so they are looked
/// through in turn.
/// </summary>
internal sealed class Frame(Evaluation run, Frame? around)
{
    private const int BindingsPerStep = 16;
    private Binding[] bindings = [];
    private int count;

    public Evaluation Run { get; } = run;

    public DataValue? this[string name] => TryGet(name, out var value) ? value : Run.Outer(name);

    private Frame? Around { get; } = around;

    /// <summary>A variable that only the expression itself binds.</summary>
    public DataValue? Parent(string name) => TryGet(name, out var value) ? value : null;

    private bool TryGet(string name, out DataValue? value)
    {
        var work = 0;
        for (var frame = this; frame is not null; frame = frame.Around)
        {
            // Looking through many variables is work, too.
            if ((work += 1 + frame.count) >= BindingsPerStep)
            {
                Run.Charge(work / BindingsPerStep);
                work = 0;
            }

            for (var index = 0; index < frame.count; index++)
            {
                if (frame.bindings[index].Name == name)
                {
                    value = frame.bindings[index].Value;
                    return true;
                }
            }
        }

        value = null;
        return false;
    }

    public void Bind(string name, DataValue? value)
    {
        if (count >= BindingsPerStep)
        {
            Run.Charge(count / BindingsPerStep);
        }

        for (var index = 0; index < count; index++)
        {
            if (bindings[index].Name == name)
            {
                bindings[index].Value = value;
                return;
            }
        }

        if (count == bindings.Length)
        {
            Array.Resize(ref bindings, Math.Max(2, count * 2));
        }

        bindings[count++] = new Binding { Name = name, Value = value };
    }

    /// <summary>A frame within this one that has one more variable.</summary>
    public Frame With(string name, DataValue? value)
    {
        var inner = new Frame(Run, this);
        inner.Bind(name, value);
        return inner;
    }

    /// <summary>
    /// What is bound here and around, up to but not in <paramref name="outer"/>; the nearest of a name.
    /// </summary>
    public List<KeyValuePair<string, DataValue?>> BoundWithin(Frame outer)
    {
        var found = new List<KeyValuePair<string, DataValue?>>();
        for (var frame = this; frame is not null && frame != outer; frame = frame.Around)
        {
            for (var index = 0; index < frame.count; index++)
            {
                var binding = frame.bindings[index];
                if (!found.Exists(one => one.Key == binding.Name))
                {
                    found.Add(new(binding.Name, binding.Value));
                }
            }
        }

        return found;
    }

    private struct Binding
    {
        public string Name;
        public DataValue? Value;
    }
}
