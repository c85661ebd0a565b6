using System.Reflection;

namespace Lambent.Simulation.Storing;

/// <summary>What happens around a call of a table: <paramref name="proceed"/> makes it.</summary>
internal delegate object? AroundCall(string method, object?[] arguments, Func<object?> proceed);

/// <summary>
/// Stands before a table, or before the set of them, and sees every call. By reflection, so that a new table or
/// statement needs nothing here.
/// </summary>
internal class TableProxy : DispatchProxy
{
    private object inner = null!;
    private AroundCall around = null!;

    public static T Around<T>(T inner, AroundCall around)
        where T : class
    {
        var created = Create<T, TableProxy>();
        var proxy = (TableProxy)(object)created;
        proxy.inner = inner;
        proxy.around = around;
        return created;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => around(
        targetMethod!.Name,
        args ?? [],
        () => targetMethod.Invoke(inner, BindingFlags.DoNotWrapExceptions, null, args, null));
}
