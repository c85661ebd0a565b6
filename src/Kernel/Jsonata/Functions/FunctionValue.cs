using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>A function as a value. It never leaves an evaluation.</summary>
internal abstract class FunctionValue : DataValue
{
    public sealed override string Kind => "function";

    /// <summary>How many arguments functions such as `$map` hand to it at most.</summary>
    public abstract int ParameterCount { get; }

    /// <param name="run">The evaluation.</param>
    /// <param name="arguments">Belong to the function; null is nothing.</param>
    /// <param name="context">Stands in for a missing argument where the signature says so.</param>
    public abstract DataValue? Invoke(Evaluation run, DataValue?[] arguments, DataValue? context);

    /// <summary>With as many of the arguments as it takes.</summary>
    public DataValue? InvokeWith(Evaluation run, params ReadOnlySpan<DataValue?> arguments) =>
        Invoke(run, arguments[..Math.Clamp(ParameterCount, 1, arguments.Length)].ToArray(), null);

    public sealed override bool Equals(DataValue? other) => ReferenceEquals(this, other);

    public sealed override int GetHashCode() => 6;
}

/// <summary>A function of the language itself.</summary>
internal sealed class NativeFunction(
    string name, string signature, int parameterCount, Func<Evaluation, DataValue?[], DataValue?> body) : FunctionValue
{
    private readonly Signature signature = Signature.Parse(signature, 0);

    public string Name { get; } = name;

    public override int ParameterCount { get; } = parameterCount;

    public override DataValue? Invoke(Evaluation run, DataValue?[] arguments, DataValue? context)
    {
        run.Enter();
        var value = run.Made(body(run, signature.Check(arguments, context, run)));
        run.Leave();
        return value;
    }
}
