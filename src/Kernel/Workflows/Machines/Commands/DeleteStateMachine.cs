namespace Lambent.Kernel.Workflows.Machines.Commands;

/// <summary>A machine takes no more executions; it goes when those that run have ended.</summary>
public static class DeleteStateMachine
{
    public static StateMachine Apply(StateMachine state) => state with { IsDeleting = true };
}
