"""Reserves what an order wants, and gives it back."""

SHELF = {"lamp": 40, "bulb": 1200, "shade": 12}


class OutOfStock(Exception):
    pass


def lambda_handler(event, context):
    lines = event["lines"]
    if event["action"] == "release":
        return {"released": [line["item"] for line in lines]}

    for line in lines:
        on_shelf = SHELF.get(line["item"], 0)
        if line["count"] > on_shelf:
            raise OutOfStock(f"{line['count']} × {line['item']} wanted, {on_shelf} there")

    return {"id": f"reservation-{event['order']}", "items": sum(line["count"] for line in lines)}
