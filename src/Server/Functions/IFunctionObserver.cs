using Lambent.Kernel.Functions;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Functions;

/// <summary>Told of every change of a function.</summary>
public interface IFunctionObserver
{
    /// <summary>In the change's transaction, which may be run again.</summary>
    /// <param name="before">Null: it is being created.</param>
    /// <param name="after">Null: it is being deleted.</param>
    void Changing(ITransaction transaction, FunctionId id, Function? before, Function? after);

    /// <summary>After the commit.</summary>
    void Changed(FunctionId id);
}
