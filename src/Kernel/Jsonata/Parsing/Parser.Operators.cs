using Lambent.Kernel.Jsonata.Functions;
using Lambent.Kernel.Jsonata.Nodes;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Parsing;

/// <summary>What stands behind an operand: operators, predicates, calls.</summary>
internal sealed partial class Parser
{
    private const int NegationPower = 70;

    /// <summary>How strongly an operator holds its left side; 0 ends an expression.</summary>
    private static int BindingPower(Token token) => token.Kind switch
    {
        TokenKind.Name when token.IsWordOperator => token.Text switch { "or" => 25, "and" => 30, _ => 40 },
        TokenKind.Operator => token.Text switch
        {
            "(" or "[" or "@" or "#" => 80,
            "." => 75,
            "{" => 70,
            "*" or "/" or "%" => 60,
            "+" or "-" or "&" => 50,
            "=" or "!=" or "<" or "<=" or ">" or ">=" or "^" or "~>" or "?:" or "??" => 40,
            "?" => 20,
            ":=" => 10,
            _ => 0,
        },
        _ => 0,
    };

    private Node Behind(Node left)
    {
        var sign = token;
        Advance(isOperand: true);
        return sign.Text switch
        {
            "(" => Call(left, sign.Position),
            "[" => Predicate(left, sign),
            "@" => Focus(left, sign),
            "#" => Index(left, sign),
            "." => Dot(left),
            "{" => Group(left, sign),
            "^" => Sort(left, sign),
            "?" => Condition(left, sign.Position),
            ":=" => Binding(left, sign),
            _ => Binary(left, sign),
        };
    }

    private Node Binary(Node left, Token sign)
    {
        // What a default is takes all that follows, as the third part of a condition does.
        var right = Expression(sign.Text is "?:" or "??" ? 0 : BindingPower(sign));
        var (position, symbol) = (sign.Position, sign.Text);
        return symbol switch
        {
            "+" or "-" or "*" or "/" or "%" => new ArithmeticNode(position, symbol, left, right),
            "&" => new ConcatenationNode(position, symbol, left, right),
            "=" or "!=" => new EqualityNode(position, symbol, left, right),
            "and" or "or" => new LogicNode(position, symbol, left, right),
            "in" => new MembershipNode(position, symbol, left, right),
            "~>" => new ChainNode(position, left, right),
            "?:" or "??" => new DefaultNode(position, left, right, needsTruth: symbol == "?:"),
            _ => new ComparisonNode(position, symbol, left, right),
        };
    }

    /// <summary>A path ends with what stands behind the dot; a path there is made part of the one before.</summary>
    private PathNode Dot(Node left)
    {
        var right = Expression(75);
        var path = left as PathNode ?? Path(AsStep(left));
        switch (right)
        {
            case PathNode other:
                path.AddAll(other);
                break;
            case RefinedNode { Group: null } refined:
                var step = new Step(AsStep(refined.Inner));
                path.Add(step);
                step.Stages.AddRange(refined.Stages);
                path.KeepsArray |= refined.KeepsArray;
                path.SeekFrom(refined.Seeking);
                break;
            default:
                path.Add(new Step(AsStep(right)));
                break;
        }

        // Behind a literal with @ or # the dot comes too late for it to be taken as a name.
        path.Steps[0].Node = AsStep(path.Steps[0].Node);
        if (left is RefinedNode { KeepsArray: true })
        {
            path.KeepsArray = true;
        }

        return path;
    }

    /// <summary>A string between dots is a name; numbers and constants are no steps.</summary>
    private static Node AsStep(Node node)
    {
        switch (node)
        {
            case LiteralNode { Value: DataText text }:
                return new NameNode(node.Position, text.Value);
            case RefinedNode { Inner: LiteralNode { Value: not FunctionValue } literal } refined:
                refined.TakeAsName((NameNode)AsStep(literal));
                return refined;
            case LiteralNode { Value: not FunctionValue } literal:
                throw new ExpressionException(
                    "S0213", "This cannot be a step of a path", node.Position, literal.Value.ToString());
            case ArrayNode array:
                array.IsStep = true;
                return array;
            default:
                return node;
        }
    }

    private Node Predicate(Node left, Token sign)
    {
        if (token.Is("]"))
        {
            Advance(isOperand: false);
            return Kept(left);
        }

        open++;
        var predicate = Expression(0);
        Close("]");
        switch (left)
        {
            case PathNode path:
                path.AddPredicate(predicate);
                return path;
            case RefinedNode { Group: null } refined:
                refined.AddPredicate(predicate);
                return refined;
            case RefinedNode:
                throw Unexpected("S0209", "A predicate cannot stand behind a grouping", sign);
            default:
                var made = new RefinedNode(left);
                made.AddPredicate(predicate);
                return made;
        }
    }

    private static Node Kept(Node left)
    {
        switch (left)
        {
            case PathNode path:
                path.KeepsArray = true;
                return path;
            case RefinedNode refined:
                refined.KeepsArray = true;
                return refined;
            default:
                return new RefinedNode(left) { KeepsArray = true };
        }
    }

    private Node Group(Node left, Token sign)
    {
        // The sign is passed already, as that of every operator is.
        var pairs = PairsBehind(sign.Position);
        var (known, target) = left switch
        {
            PathNode path => (path.Group, left),
            RefinedNode refined => (refined.Group, left),
            _ => (null, new RefinedNode(left)),
        };
        if (known is not null)
        {
            throw Unexpected("S0210", "Only one grouping can stand behind an expression", sign);
        }

        if (target is PathNode grouped)
        {
            grouped.SetGroup(pairs);
        }
        else
        {
            ((RefinedNode)target).SetGroup(pairs);
        }

        return target;
    }

    private PathNode Sort(Node left, Token sign)
    {
        Expect("(", isOperand: true);
        var terms = new List<SortTerm>();
        List(")", () =>
        {
            var isDescending = token.Is(">");
            if (isDescending || token.Is("<"))
            {
                Advance(isOperand: true);
            }

            terms.Add(new SortTerm(Expression(0), isDescending));
        });
        var path = left as PathNode ?? Path(left);
        path.Add(new Step(new SortNode(sign.Position, terms)));
        return path;
    }

    private PathNode Focus(Node left, Token sign)
    {
        var name = VariableBehind(sign);
        var path = left as PathNode ?? Path(left);
        var step = path.Steps[^1];
        if (step.Stages.Count > 0 || step.Node is RefinedNode { Stages.Count: > 0 })
        {
            throw Unexpected("S0215", "A variable of a step stands before its predicates", sign);
        }

        if (step.Node is SortNode)
        {
            throw Unexpected("S0216", "A variable of a step stands before its order", sign);
        }

        step.Focus = name;
        return path;
    }

    private PathNode Index(Node left, Token sign)
    {
        var name = VariableBehind(sign);
        var path = left as PathNode ?? Path(left);
        var step = path.Steps[^1];
        if (step.Stages.Count == 0)
        {
            step.Index = name;
        }
        else
        {
            step.Stages.Add(new Stage(name));
        }

        return path;
    }

    private string VariableBehind(Token sign)
    {
        if (token.Kind != TokenKind.Variable)
        {
            throw Unexpected("S0214", $"A variable must stand behind {sign.Text}", token);
        }

        var name = token.Text;
        variables.Bind(name);
        Advance(isOperand: false);
        return name;
    }

    private ConditionNode Condition(Node left, int position)
    {
        var then = Expression(0);
        Node? otherwise = null;
        if (token.Is(":"))
        {
            Advance(isOperand: true);
            otherwise = Expression(0);
        }

        return new ConditionNode(position, left, then, otherwise);
    }

    private BindNode Binding(Node left, Token sign)
    {
        if (left is not VariableNode variable)
        {
            throw Unexpected("S0212", "Only a variable can stand before :=", sign);
        }

        // A function may call itself by the name that it gets; other values see only what was bound before.
        var isFunction = token is { Kind: TokenKind.Name, IsQuoted: false, Text: "function" or "λ" };
        if (isFunction)
        {
            variables.Bind(variable.Name);
        }

        var value = Expression(9);
        variables.Bind(variable.Name);
        return new BindNode(sign.Position, variable.Name, value);
    }

    private CallNode Call(Node left, int position)
    {
        var arguments = new List<Node?>();
        List(")", () =>
        {
            if (token.Is("?"))
            {
                Advance(isOperand: false);
                arguments.Add(null);
            }
            else
            {
                arguments.Add(Expression(0));
            }
        });
        return new CallNode(position, left, arguments);
    }
}
