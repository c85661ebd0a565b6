using Lambent.Kernel.Jsonata;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Tests.Jsonata;

/// <summary>Compiles and evaluates in one go, at a fixed moment and with fixed chance.</summary>
internal static class Evaluations
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);

    public static JsonataOutcome Of(
        string expression,
        DataValue? input = null,
        Func<string, DataValue?>? variables = null,
        JsonataLimits? limits = null)
    {
        var compiled = JsonataExpression.Compile(expression);
        return compiled.Expression?.Evaluate(new JsonataScope
        {
            Input = input,
            Variables = variables,
            Now = Now,
            Chance = () => 0.25,
            Limits = limits ?? JsonataLimits.Default,
        }) ?? new JsonataOutcome(null, compiled.Failure);
    }

    /// <summary>JSON, `nothing`, or the code of the failure.</summary>
    public static string Shown(JsonataOutcome outcome) => outcome switch
    {
        { Failure: { } failure } => failure.Code,
        { Value: { } value } => value.ToString(),
        _ => "nothing",
    };
}
