using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions;

/// <summary>
/// What an expression of a state may see. It is the same for both query languages: JSONPath calls the input <c>$</c>,
/// the context <c>$$</c> and a variable <c>$name</c>; JSONata calls them <c>$states.input</c>, <c>$states.context</c>
/// and <c>$name</c>.
/// </summary>
public sealed record EvaluationScope
{
    private DataValue? context;

    /// <summary>The state's input; for what is applied to a result, that result (<c>ResultSelector</c>).</summary>
    public required DataValue Input { get; init; }

    /// <summary>The context object: execution, state, state machine, task token, map item.</summary>
    public DataValue Context
    {
        get => context ??= ContextSource();
        init => context = value;
    }

    /// <summary>Makes the context object when an expression asks for it; most do not.</summary>
    public Func<DataValue> ContextSource { private get; init; } = () => DataObject.Empty;

    /// <summary>The variables that are visible here.</summary>
    public required VariableScope Variables { get; init; }

    /// <summary><c>$states.result</c>, where the field may see it.</summary>
    public DataValue? Result { get; init; }

    /// <summary><c>$states.errorOutput</c>, in a catcher.</summary>
    public DataValue? ErrorOutput { get; init; }

    /// <summary>The moment of the evaluation: <c>$now()</c>.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Chance, from 0 to below 1: the same sequence whenever the same step is decided again.</summary>
    public required Func<double> Chance { get; init; }
}

/// <summary>Variables by name; an inner scope (a branch, an iteration) sees those of the outer ones.</summary>
public sealed record VariableScope(DataObject Own, VariableScope? Outer)
{
    public static readonly VariableScope Empty = new(DataObject.Empty, null);

    public DataValue? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.Own.TryGet(name, out var value))
            {
                return value;
            }
        }

        return null;
    }
}

/// <summary>An expression that could not be evaluated: the state fails with it.</summary>
/// <param name="Error">Name as the States Language has it: <c>States.Runtime</c>, <c>States.QueryEvaluationError</c>,
/// <c>States.ParameterPathFailure</c>, <c>States.ResultPathMatchFailure</c>, <c>States.IntrinsicFailure</c>.</param>
/// <param name="Cause">In the words of AWS, without the head that names the state.</param>
/// <param name="Location">The field and the place within it, such as <c>Arguments/Payload/id</c>; for JSONata.</param>
public sealed record EvaluationFailure(string Error, string Cause, string? Location = null);

/// <summary>The value of an expression, or why it has none.</summary>
public readonly struct Evaluation
{
    private readonly DataValue? value;

    private Evaluation(DataValue? value, EvaluationFailure? failure)
    {
        this.value = value;
        Failure = failure;
    }

    public EvaluationFailure? Failure { get; }

    public DataValue Value => value ?? throw new InvalidOperationException($"The evaluation failed: {Failure}");

    public static implicit operator Evaluation(DataValue value) => new(value, null);

    public static implicit operator Evaluation(EvaluationFailure failure) => new(null, failure);
}

/// <summary>
/// A field of a state that is computed: a path, a template of paths, a JSONata text or a template of those. Compiled
/// once when the definition is read.
/// </summary>
public interface IExpression
{
    Evaluation Evaluate(EvaluationScope scope);
}
