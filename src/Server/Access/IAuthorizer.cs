using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;

namespace Lambent.Server.Access;

/// <summary>Decides whether a caller may do what it asks for, before the operation runs.</summary>
internal interface IAuthorizer
{
    /// <summary>
    /// Succeeds, or fails with AccessDenied. For a function of another account the answer does not tell whether the
    /// function exists.
    /// </summary>
    /// <param name="principal">Who asks.</param>
    /// <param name="action">Such as lambda:GetFunction.</param>
    /// <param name="function">The function asked for, or null when the action is on the caller's own account.</param>
    /// <param name="qualifier">The alias or version asked for, or null for none.</param>
    Result<Done> Authorize(Principal principal, string action, FunctionId? function, string? qualifier);
}
