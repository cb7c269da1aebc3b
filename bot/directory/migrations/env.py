from alembic import context

from bot.directory.database import database_url, open_engine
from bot.directory.models import Base

url = context.config.get_main_option("sqlalchemy.url") or database_url()

with open_engine(url).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
