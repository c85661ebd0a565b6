using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Expressions;

namespace Lambent.Kernel.Workflows.Interpretation;

/// <summary>
/// What a Map's <c>ItemSelector</c> makes of an item. It needs nothing of the execution any more, so that items of a file
/// can be selected while the execution goes on. Items of batches are selected before they are put together.
/// </summary>
public sealed class ItemSelection
{
    private readonly IExpression selector;
    private readonly EvaluationScope scope;
    private readonly DataObject context;

    /// <param name="selector">The field.</param>
    /// <param name="scope">What it sees beside the item.</param>
    internal ItemSelection(IExpression selector, EvaluationScope scope) =>
        (this.selector, this.scope, context) = (selector, scope, (DataObject)scope.Context);

    /// <param name="index">The item's place among all, counted from 0.</param>
    /// <param name="item">The item.</param>
    public Evaluation Select(int index, DataValue item) =>
        selector.Evaluate(scope with { Context = ContextObject.WithItem(context, index, item) });
}
