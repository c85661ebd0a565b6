using Lambent.Kernel.Access;

namespace Lambent.Kernel.Functions;

/// <summary>A function's identity: its account and its name, which is case-sensitive.</summary>
public readonly record struct FunctionId(AccountId Account, string Name)
{
    public override string ToString() => $"{Account}:{Name}";
}
