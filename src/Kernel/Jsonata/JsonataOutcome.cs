using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata;

/// <summary>What became of an expression's text: an expression, or why it is none.</summary>
public sealed record JsonataCompilation(JsonataExpression? Expression, JsonataFailure? Failure);

/// <summary>
/// What became of an evaluation. Both null: the expression yields nothing, which JSON cannot say ("undefined").
/// </summary>
public sealed record JsonataOutcome(DataValue? Value, JsonataFailure? Failure);

/// <param name="Code">JSONata's own code, as "T2001"; those of this program are in <see cref="JsonataLimits"/>.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Position">Zero-based character of the expression's text.</param>
/// <param name="Token">The part of the expression or the value that is at fault, if it is one.</param>
public sealed record JsonataFailure(string Code, string Message, int Position, string? Token = null);
