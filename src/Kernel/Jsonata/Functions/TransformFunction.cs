using Lambent.Kernel.Jsonata.Nodes;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>
/// Copies an object, finds objects in the copy, and changes those. Updates are made in turn and later ones see the
/// earlier ones; so the copy is the only thing of this module that changes, and nobody else sees it before it is done.
/// </summary>
internal sealed class TransformFunction(TransformNode node, Frame frame) : FunctionValue
{
    /// <summary>Steps for the copy of an object, which takes some hundred bytes.</summary>
    private const int ObjectCost = 10;

    private static readonly Signature Signature = Signature.Parse("<(oa):o>", 0);

    public override int ParameterCount => 1;

    public override DataValue? Invoke(Evaluation run, DataValue?[] arguments, DataValue? context)
    {
        if (Signature.Check(arguments, context, run)[0] is not { } value)
        {
            return null;
        }

        run.Enter();
        var open = new Dictionary<DataObject, OrderedDictionary<string, DataValue>>(ReferenceEqualityComparer.Instance);
        var copy = Copy(value, run, open);
        foreach (var match in Sequences.Items(node.Pattern.Evaluate(copy, frame)))
        {
            // What is found may also be something that is no part of the copy; then there is nothing to change.
            Update(match, match is DataObject found && open.TryGetValue(found, out var members) ? members : [], run);
        }

        run.Leave();
        return Fixed(copy, run);
    }

    private void Update(DataValue match, OrderedDictionary<string, DataValue> members, Evaluation run)
    {
        switch (node.Update.Evaluate(match, frame))
        {
            case null:
                break;
            case DataObject update:
                // A copy, because the update may hold the very object that it changes.
                foreach (var (name, value) in update.Members.ToArray())
                {
                    members[name] = Fixed(value, run);
                }

                break;
            case var other:
                throw new ExpressionException(
                    "T2011", $"The update must be an object, not {Describe.A(other)}", node.Update.Position);
        }

        if (node.Delete?.Evaluate(match, frame) is not { } delete)
        {
            return;
        }

        foreach (var item in Sequences.Items(delete))
        {
            members.Remove(item is DataText name
                ? name.Value
                : throw new ExpressionException(
                    "T2012", "What is to be deleted must be a string or strings", node.Delete.Position));
        }
    }

    /// <summary>A copy whose objects are noted, if asked for, with what they are made of.</summary>
    private static DataValue Copy(
        DataValue value, Evaluation run, Dictionary<DataObject, OrderedDictionary<string, DataValue>>? open)
    {
        run.Charge(value is DataObject ? ObjectCost : 1);
        switch (value)
        {
            case DataArray array:
                return new DataArray([.. array.Items.Select(item => Copy(item, run, open))]) { Origin = array.Origin };
            case DataObject source:
                var members = new OrderedDictionary<string, DataValue>(source.Count);
                foreach (var (name, member) in source.Members)
                {
                    run.ChargeName(name);
                    members[name] = Copy(member, run, open);
                }

                var copy = new DataObject(members);
                open?.Add(copy, members);
                return copy;
            default:
                return value;
        }
    }

    /// <summary>The value as it is now, whatever is changed later; and counted anew how deep it is.</summary>
    private static DataValue Fixed(DataValue value, Evaluation run) => run.Made(Copy(value, run, null));
}
