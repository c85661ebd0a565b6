using Lambent.Kernel.Access;

namespace Lambent.Kernel.Functions;

public interface IFunctionTable
{
    Function? Get(FunctionId id);

    /// <summary>
    /// Stores <paramref name="after"/>; <paramref name="before"/> is what <see cref="Get"/> returned.
    /// </summary>
    void Put(Function? before, Function after);

    void Delete(FunctionId id);

    /// <summary>Functions of an account in the order of their names, from after <paramref name="afterName"/>.</summary>
    IReadOnlyList<Function> List(AccountId account, string? afterName, int limit);

    int Count(AccountId account);

    /// <summary>Every function of every account, for the start.</summary>
    IEnumerable<Function> All();
}
