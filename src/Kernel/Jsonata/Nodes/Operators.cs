using Lambent.Kernel.Jsonata.Functions;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Nodes;

/// <summary>An operator with two sides.</summary>
internal abstract class BinaryNode : Node
{
    protected BinaryNode(int position, string symbol, Node left, Node right)
        : base(position)
    {
        Symbol = symbol;
        Left = Seeks(left);
        Right = Seeks(right);
    }

    public override string Description => "binary";

    protected string Symbol { get; }

    protected Node Left { get; }

    protected Node Right { get; }

    public sealed override DataValue? Evaluate(DataValue? input, Frame frame)
    {
        frame.Run.Enter();
        var result = Combine(input, frame);
        frame.Run.Leave();
        return result;
    }

    protected abstract DataValue? Combine(DataValue? input, Frame frame);

    protected ExpressionException Failure(string code, string message) => new(code, message, Position, Symbol);
}

internal sealed class ArithmeticNode(int position, string symbol, Node left, Node right)
    : BinaryNode(position, symbol, left, right)
{
    protected override DataValue? Combine(DataValue? input, Frame frame)
    {
        var left = Left.Evaluate(input, frame);
        var right = Right.Evaluate(input, frame);
        if (left is not null and not DataNumber)
        {
            throw Failure("T2001", $"The left side of {Symbol} must be a number, not {Describe.A(left)}");
        }

        if (right is not null and not DataNumber)
        {
            throw Failure("T2002", $"The right side of {Symbol} must be a number, not {Describe.A(right)}");
        }

        if (left is null || right is null)
        {
            return null;
        }

        return new DataNumber(Of(Finite(left), Finite(right)));
    }

    private double Of(double left, double right) => Symbol switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        _ => left % right,
    };

    private double Finite(DataValue value) => Arithmetic.Finite(((DataNumber)value).Value, Position);
}

/// <summary>Less and greater: numbers or strings, both of a kind.</summary>
internal sealed class ComparisonNode(int position, string symbol, Node left, Node right)
    : BinaryNode(position, symbol, left, right)
{
    protected override DataValue? Combine(DataValue? input, Frame frame)
    {
        var left = Left.Evaluate(input, frame);
        var right = Right.Evaluate(input, frame);
        if (!IsComparable(left) || !IsComparable(right))
        {
            throw Failure("T2010", $"Both sides of {Symbol} must be numbers or strings");
        }

        if (left is null || right is null)
        {
            return null;
        }

        return (left, right) switch
        {
            (DataNumber a, DataNumber b) => DataBoolean.Of(Of(a.Value.CompareTo(b.Value))),
            (DataText a, DataText b) => DataBoolean.Of(Of(Order(a.Value, b.Value, frame.Run))),
            _ => throw Failure("T2009", $"The two sides of {Symbol} must be of the same kind"),
        };
    }

    private static int Order(string left, string right, Evaluation run)
    {
        run.ChargeComparison(left, right);
        return string.CompareOrdinal(left, right);
    }

    private static bool IsComparable(DataValue? value) => value is null or DataNumber or DataText;

    private bool Of(int order) => Symbol switch
    {
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        _ => order >= 0,
    };
}

/// <summary>`=` and `!=`: of any kinds; with nothing on a side both are false.</summary>
internal sealed class EqualityNode(int position, string symbol, Node left, Node right)
    : BinaryNode(position, symbol, left, right)
{
    protected override DataValue? Combine(DataValue? input, Frame frame)
    {
        var left = Left.Evaluate(input, frame);
        var right = Right.Evaluate(input, frame);
        return DataBoolean.Of(
            left is not null && right is not null && Truth.Same(left, right, frame.Run) == (Symbol == "="));
    }
}

/// <summary>`in`: whether one of the right side's items is the value on the left.</summary>
internal sealed class MembershipNode(int position, string symbol, Node left, Node right)
    : BinaryNode(position, symbol, left, right)
{
    protected override DataValue? Combine(DataValue? input, Frame frame)
    {
        var left = Left.Evaluate(input, frame);
        var right = Right.Evaluate(input, frame);
        if (left is null || right is null)
        {
            return DataBoolean.False;
        }

        var items = Sequences.Items(right);
        frame.Run.Charge(items.Count);
        for (var index = 0; index < items.Count; index++)
        {
            // Only simple values have an identity that could be found again.
            if (items[index] is not DataArray and not DataObject && Truth.Same(left, items[index], frame.Run))
            {
                return DataBoolean.True;
            }
        }

        return DataBoolean.False;
    }
}

/// <summary>`and` and `or`; the right side is left alone when the left decides.</summary>
internal sealed class LogicNode(int position, string symbol, Node left, Node right)
    : BinaryNode(position, symbol, left, right)
{
    protected override DataValue? Combine(DataValue? input, Frame frame)
    {
        var left = Truth.Of(Left.Evaluate(input, frame));
        var decided = left == (Symbol == "or");
        return DataBoolean.Of(decided ? left : Truth.Of(Right.Evaluate(input, frame)));
    }
}

/// <summary>`&amp;`: both sides as text; nothing is the empty text.</summary>
internal sealed class ConcatenationNode(int position, string symbol, Node left, Node right)
    : BinaryNode(position, symbol, left, right)
{
    protected override DataValue? Combine(DataValue? input, Frame frame)
    {
        var left = Text(Left.Evaluate(input, frame), frame);
        var right = Text(Right.Evaluate(input, frame), frame);
        frame.Run.ChargeText((long)left.Length + right.Length);
        return new DataText(left + right);
    }

    private string Text(DataValue? value, Frame frame)
    {
        try
        {
            return value switch
            {
                null => string.Empty,
                DataText text => text.Value,
                _ => ValueText.Of(value, frame.Run),
            };
        }
        catch (ExpressionException failure) when (failure.Position < 0)
        {
            failure.At(Position, Symbol);
            throw;
        }
    }
}

/// <summary>`..` within brackets: whole numbers from one to another.</summary>
internal sealed class RangeNode(int position, string symbol, Node left, Node right)
    : BinaryNode(position, symbol, left, right)
{
    private const double ItemsMax = 1e7;

    protected override DataValue? Combine(DataValue? input, Frame frame)
    {
        var left = Left.Evaluate(input, frame);
        var right = Right.Evaluate(input, frame);
        if (left is not null and not DataNumber { IsInteger: true })
        {
            throw Failure("T2003", "The left side of .. must be a whole number");
        }

        if (right is not null and not DataNumber { IsInteger: true })
        {
            throw Failure("T2004", "The right side of .. must be a whole number");
        }

        if (left is null || right is null)
        {
            return null;
        }

        var (first, last) = (((DataNumber)left).Value, ((DataNumber)right).Value);
        if (first > last)
        {
            return null;
        }

        var count = last - first + 1;
        if (count > ItemsMax)
        {
            throw Failure("D2014", "A range has at most ten million items");
        }

        frame.Run.ChargeItems((long)count);
        var items = new DataValue[(int)count];
        for (var index = 0; index < items.Length; index++)
        {
            items[index] = new DataNumber(first + index);
        }

        return Sequences.Uncollapsed(items);
    }
}

internal sealed class NegationNode : Node
{
    private readonly Node operand;

    public NegationNode(int position, Node operand)
        : base(position) => this.operand = Seeks(operand);

    public override string Description => "unary";

    public override DataValue? Evaluate(DataValue? input, Frame frame)
    {
        frame.Run.Enter();
        var value = operand.Evaluate(input, frame);
        frame.Run.Leave();
        return value switch
        {
            null => null,
            DataNumber number => new DataNumber(-Arithmetic.Finite(number.Value, Position)),
            _ => throw new ExpressionException(
                "D1002", $"Only a number can be negated, not {Describe.A(value)}", Position, "-"),
        };
    }
}
