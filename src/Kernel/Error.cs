namespace Lambent.Kernel;

/// <summary>
/// An expected failure: what went wrong, in which field, with a stable code. Returned, not thrown.
/// Messages of the Lambda API follow the wording that AWS gives for the same mistake, so that people find it.
/// </summary>
/// <param name="Code">Stable code; see docs/errors/.</param>
/// <param name="Message">One sentence for the caller; safe to show.</param>
/// <param name="Field">The request field that is wrong, in the caller's spelling, or null.</param>
/// <param name="Reason">The API's machine-readable reason, such as the name of the limit, or null.</param>
public sealed record Error(ErrorCode Code, string Message, string? Field = null, string? Reason = null)
{
    public override string ToString() => Field is null ? $"{Code}: {Message}" : $"{Code} ({Field}): {Message}";
}
