namespace Lambent.Kernel.Functions.Commands;

/// <summary>What a command needs besides the state: all that is not decided by it.</summary>
/// <param name="Arn">The function's ARN without qualifier, for messages.</param>
/// <param name="Now">The time of the command.</param>
/// <param name="NewRevisionId">Makes an id that was never used before.</param>
public sealed record CommandContext(string Arn, DateTimeOffset Now, Func<string> NewRevisionId);
