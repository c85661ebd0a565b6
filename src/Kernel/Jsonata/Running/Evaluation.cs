using System.Runtime.CompilerServices;
using Lambent.Kernel.Jsonata.Functions;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Running;

/// <summary>One evaluation: what it may see and what it has used up of its limits.</summary>
internal sealed class Evaluation(JsonataScope scope)
{
    private readonly JsonataLimits limits = scope.Limits;
    private int steps;
    private int depth;

    /// <summary>The input as it was given: what `$$` reads.</summary>
    public DataValue? Root => scope.Input;

    public DateTimeOffset Now => scope.Now;

    public double Chance() => scope.Chance();

    /// <summary>A variable that the expression has not bound.</summary>
    public DataValue? Outer(string name) => scope.Variables?.Invoke(name) ?? Library.Find(name);

    /// <summary>Called by each node that has others within; <see cref="Leave"/> when it is done.</summary>
    public void Enter()
    {
        Charge(1);
        if (++depth > limits.DepthMax || ((depth & 7) == 0 && !RuntimeHelpers.TryEnsureSufficientExecutionStack()))
        {
            throw new ExpressionException(
                "D1011", "Calls are nested too deep; put the recursive call in tail position, or end the recursion");
        }
    }

    public void Leave() => depth--;

    /// <param name="work">Nodes, items or handfuls of characters.</param>
    public void Charge(int work)
    {
        if (work > limits.StepsMax - steps)
        {
            throw new ExpressionException("D1012", $"The evaluation takes more than {limits.StepsMax} steps");
        }

        steps += work;
    }

    /// <summary>For a member that is looked for or set: its name is hashed.</summary>
    public void ChargeName(string name) => Charge(1 + (name.Length / CharactersPerNameStep));

    /// <summary>For two texts that are compared.</summary>
    public void ChargeComparison(string first, string second) =>
        Charge(1 + (Math.Min(first.Length, second.Length) / CharactersPerNameStep));

    /// <summary>Before an array of so many items is made, or one more item is added to one that grows.</summary>
    public void ChargeItems(long count, int added)
    {
        if (count > limits.ItemsMax)
        {
            throw new ExpressionException("D2015", $"An array has more than {limits.ItemsMax} items");
        }

        Charge(added);
    }

    public void ChargeItems(long count) => ChargeItems(count, (int)Math.Min(count, int.MaxValue));

    /// <summary>Before a text of so many characters is made, or one is looked through.</summary>
    public void ChargeText(long length)
    {
        RefuseText(length);
        Charge((int)(length / CharactersPerStep));
    }

    /// <summary>For a text that grows and is charged for by its parts.</summary>
    public void RefuseText(long length)
    {
        if (length > limits.TextLengthMax)
        {
            throw new ExpressionException("D2016", $"A text has more than {limits.TextLengthMax} characters");
        }
    }

    /// <summary>An array or object that was made, unless it is nested too deep.</summary>
    public T Made<T>(T value)
        where T : DataValue?
    {
        if (value is not null && value.Depth > limits.ValueDepthMax)
        {
            throw new ExpressionException("D2017", $"A value has more than {limits.ValueDepthMax} levels");
        }

        return value;
    }

    private const int CharactersPerStep = 16;
    private const int CharactersPerNameStep = 64;
}
