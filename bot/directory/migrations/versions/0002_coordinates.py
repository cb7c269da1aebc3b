"""Where offices and municipalities lie, to show others nearby; what to say of a doubtful office"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("office", "municipality")
COLUMNS = ("latitude", "longitude")


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch_op:
            for column in COLUMNS:
                batch_op.add_column(sa.Column(column, sa.Float(), nullable=True))
    with op.batch_alter_table("office") as batch_op:
        column = sa.Column("caution_nb", sa.String(), nullable=False, server_default="")
        batch_op.add_column(column)


def downgrade() -> None:
    with op.batch_alter_table("office") as batch_op:
        batch_op.drop_column("caution_nb")
    for table in TABLES:
        with op.batch_alter_table(table) as batch_op:
            for column in COLUMNS:
                batch_op.drop_column(column)
