using Lambent.Kernel.Jsonata.Functions;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Nodes;

/// <summary>`function($a, $b)&lt;signature&gt;{ body }`.</summary>
internal sealed class LambdaNode : Node
{
    public LambdaNode(int position, IReadOnlyList<string> parameters, Signature? signature, Node body)
        : base(position)
    {
        Parameters = parameters;
        Signature = signature;
        Body = Seeks(body);
    }

    public IReadOnlyList<string> Parameters { get; }

    public Signature? Signature { get; }

    public Node Body { get; }

    public override string Description => "lambda";

    public override DataValue? Evaluate(DataValue? input, Frame frame) => new LambdaValue(this, input, frame);
}

/// <summary>`f(a, b)`; with `?` among the arguments the function that takes those.</summary>
internal sealed class CallNode : Node
{
    private readonly Node procedure;
    private readonly IReadOnlyList<Node?> arguments;

    /// <param name="position">Where the parenthesis stands.</param>
    /// <param name="procedure">What is called.</param>
    /// <param name="arguments">A null is a `?`.</param>
    public CallNode(int position, Node procedure, IReadOnlyList<Node?> arguments)
        : base(position)
    {
        this.procedure = Seeks(procedure);
        this.arguments = arguments;
        IsPartial = arguments.Contains(null);
        foreach (var argument in arguments)
        {
            Seeks(argument);
        }
    }

    /// <summary>Whether arguments are left open, so that the value is a function.</summary>
    public bool IsPartial { get; }

    public override string Description => "function";

    private string? Token => procedure switch
    {
        VariableNode variable => variable.Name,
        PathNode { Steps: [{ Node: NameNode name }, ..] } => name.Name,
        LiteralNode { Value: not FunctionValue and var value } => value.ToString(),
        _ => null,
    };

    public override DataValue? Evaluate(DataValue? input, Frame frame) =>
        Sequences.Collapsed(Find(input, frame, null));

    /// <param name="input">The context.</param>
    /// <param name="frame">The variables.</param>
    /// <param name="first">What `~&gt;` puts before the arguments, in an array of one, or null.</param>
    public DataValue? Find(DataValue? input, Frame frame, DataValue?[]? first)
    {
        frame.Run.Enter();
        return Complete(Function(input, frame), input, frame, first);
    }

    public override DataValue? Find(DataValue? input, Frame frame) => Find(input, frame, null);

    public override DataValue? EvaluateLast(DataValue? input, Frame frame)
    {
        frame.Run.Enter();
        var function = Function(input, frame);
        if (function is not LambdaValue lambda || IsPartial)
        {
            return Complete(function, input, frame, null);
        }

        var given = Arguments(input, frame, null);
        frame.Run.Leave();
        return new TailCall(this, lambda, given, input);
    }

    // What a lambda ends with is not collapsed before somebody asks for it: $map sees a sequence of one as an array.
    private DataValue? Complete(FunctionValue function, DataValue? input, Frame frame, DataValue?[]? first)
    {
        var given = Arguments(input, frame, first);
        DataValue? value;
        try
        {
            value = IsPartial
                ? new PartialFunction(function, Blanks(first), given)
                : function.Invoke(frame.Run, given, input);
        }
        catch (ExpressionException failure) when (failure.Position < 0)
        {
            Locate(failure);
            throw;
        }

        frame.Run.Leave();
        return value;
    }

    /// <summary>Says of a failure in the call that it happened here.</summary>
    public void Locate(ExpressionException failure) => failure.At(Position, Token);

    private FunctionValue Function(DataValue? input, Frame frame)
    {
        var found = procedure.Evaluate(input, frame);
        if (found is FunctionValue function)
        {
            return function;
        }

        var isKnown = found is null && Token is { } name && procedure is PathNode && frame[name] is not null;
        throw (isKnown, IsPartial) switch
        {
            (true, false) => Failure("T1005", $"A field is no function; the function is called ${Token}"),
            (true, true) => Failure("T1007", $"A field is no function; the function is called ${Token}"),
            (false, true) => Failure("T1008", "What gets some of its arguments here is no function"),
            _ => Failure("T1006", "What is called here is no function"),
        };
    }

    private ExpressionException Failure(string code, string message) => new(code, message, Position, Token);

    private DataValue?[] Arguments(DataValue? input, Frame frame, DataValue?[]? first)
    {
        var before = first?.Length ?? 0;
        var given = new DataValue?[before + arguments.Count];
        frame.Run.Charge(arguments.Count);
        first?.CopyTo(given, 0);
        for (var index = 0; index < arguments.Count; index++)
        {
            given[before + index] = arguments[index]?.Evaluate(input, frame);
        }

        return given;
    }

    private bool[] Blanks(DataValue?[]? first) =>
        [.. new bool[first?.Length ?? 0], .. arguments.Select(argument => argument is null)];
}

/// <summary>`a ~&gt; f`: calls f with a before its other arguments; of two functions it makes one.</summary>
internal sealed class ChainNode : Node
{
    private readonly Node left;
    private readonly Node right;

    public ChainNode(int position, Node left, Node right)
        : base(position)
    {
        this.left = Seeks(left);
        this.right = Seeks(right);
    }

    public override string Description => "apply";

    public override DataValue? Evaluate(DataValue? input, Frame frame) => Sequences.Collapsed(Find(input, frame));

    public override DataValue? Find(DataValue? input, Frame frame)
    {
        var run = frame.Run;
        run.Enter();
        var value = left.Evaluate(input, frame);
        var result = right switch
        {
            CallNode { IsPartial: false } call => call.Find(input, frame, [value]),
            // What is written behind such a call is not looked at, by the reference neither.
            RefinedNode { Inner: CallNode { IsPartial: false } call } => call.Find(input, frame, [value]),
            _ => Applied(value, input, frame),
        };
        run.Leave();
        return result;
    }

    private DataValue? Applied(DataValue? value, DataValue? input, Frame frame)
    {
        if (right.Evaluate(input, frame) is not FunctionValue function)
        {
            throw new ExpressionException("T2006", "What stands behind ~> must be a function", Position, "~>");
        }

        try
        {
            return value is FunctionValue before
                ? new ComposedFunction(before, function)
                : function.Invoke(frame.Run, [value], null);
        }
        catch (ExpressionException failure) when (failure.Position < 0)
        {
            failure.At(Position, "~>");
            throw;
        }
    }
}

/// <summary>`| where | update, delete |`: a function that gives a changed copy of an object.</summary>
internal sealed class TransformNode : Node
{
    public TransformNode(int position, Node pattern, Node update, Node? delete)
        : base(position)
    {
        Pattern = Seeks(pattern);
        Update = Seeks(update);
        Delete = Seeks(delete);
    }

    public Node Pattern { get; }

    public Node Update { get; }

    public Node? Delete { get; }

    public override string Description => "transform";

    public override DataValue? Evaluate(DataValue? input, Frame frame) => new TransformFunction(this, frame);
}
