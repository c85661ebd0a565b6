using Lambent.Kernel.Jsonata.Nodes;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>A lambda with the context and the variables that it was written among.</summary>
internal sealed class LambdaValue(LambdaNode node, DataValue? input, Frame around) : FunctionValue
{
    private readonly LambdaNode node = node;
    private readonly DataValue? input = input;
    private readonly Frame around = around;

    public override int ParameterCount => node.Parameters.Count;

    /// <summary>
    /// Calls at the end of a lambda are made here, one after the other, so that the stack does not grow.
    /// </summary>
    public override DataValue? Invoke(Evaluation run, DataValue?[] arguments, DataValue? context)
    {
        run.Enter();
        var result = Once(run, arguments, context);
        while (result is TailCall next)
        {
            try
            {
                result = next.Function.Once(run, next.Arguments, next.Context);
            }
            catch (ExpressionException failure) when (failure.Position < 0)
            {
                next.Call.Locate(failure);
                throw;
            }
        }

        run.Leave();
        return result;
    }

    private DataValue? Once(Evaluation run, DataValue?[] arguments, DataValue? context)
    {
        var given = node.Signature?.Check(arguments, context, run) ?? arguments;
        var frame = new Frame(run, around);
        run.Charge(node.Parameters.Count);
        for (var index = 0; index < node.Parameters.Count; index++)
        {
            frame.Bind(node.Parameters[index], index < given.Length ? given[index] : null);
        }

        return node.Body.EvaluateLast(input, frame);
    }
}

/// <summary>A function some of whose arguments are given already.</summary>
/// <param name="function">What is called in the end.</param>
/// <param name="blanks">Which arguments are still to come.</param>
/// <param name="given">The others.</param>
internal sealed class PartialFunction(FunctionValue function, bool[] blanks, DataValue?[] given) : FunctionValue
{
    public override int ParameterCount { get; } = blanks.Count(blank => blank);

    public override DataValue? Invoke(Evaluation run, DataValue?[] arguments, DataValue? context)
    {
        run.Enter();
        run.Charge(given.Length);
        var all = given.ToArray();
        var next = 0;
        for (var index = 0; index < all.Length; index++)
        {
            if (blanks[index])
            {
                all[index] = next < arguments.Length ? arguments[next] : null;
                next++;
            }
        }

        var result = Sequences.Collapsed(function.Invoke(run, all, context));
        run.Leave();
        return result;
    }
}

/// <summary>One function after the other.</summary>
internal sealed class ComposedFunction(FunctionValue first, FunctionValue second) : FunctionValue
{
    public override int ParameterCount => 1;

    public override DataValue? Invoke(Evaluation run, DataValue?[] arguments, DataValue? context)
    {
        run.Enter();
        var between = Sequences.Collapsed(first.Invoke(run, arguments, context));
        var result = Sequences.Collapsed(second.Invoke(run, [between], null));
        run.Leave();
        return result;
    }
}
